import fc from 'fast-check';
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { BrokenObjectError, openSegments, type Part, SEGMENT_BYTES, sealedSize, sealSegments } from './segments.ts';
import { WrongSizeError } from './store.ts';
import { inChunks, listed, someBytes } from './testing/bytes.ts';

const SEALED = SEGMENT_BYTES + 28;
const key = randomBytes(32);

const partOf = (sizeBytes: number, more: Partial<Part> = {}): Part => ({
  fileId: randomUUID(),
  objectId: randomUUID(),
  firstSegment: 0,
  sizeBytes,
  isLast: true,
  ...more,
});
const holding = (bytes: Buffer) => ({
  async *read(_: string, { start, end }: { start: number; end: number }) {
    yield* inChunks(bytes.subarray(start, end), 100_000);
  },
});
const seal = async (part: Part, content: Buffer, chunkBytes = 50_000) =>
  Buffer.concat(await listed(sealSegments(key, part, inChunks(content, chunkBytes))));
const openAll = async (part: Part, sealed: Buffer, start = 0, end = part.sizeBytes, by = key) =>
  Buffer.concat(await listed(openSegments(by, part, { start, end }, holding(sealed))));

test('any range of any content is read back, for all sizes of written chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 * SEGMENT_BYTES }),
      fc.integer({ min: 1, max: 200_000 }),
      fc.nat(),
      fc.nat(),
      async (size, chunkBytes, one, other) => {
        const content = someBytes(size);
        const part = partOf(size);
        const sealed = await seal(part, content, chunkBytes);
        expect(sealed.length).toBe(sealedSize(size));
        const [start = 0, end = 0] = [one % (size + 1), other % (size + 1)].toSorted((a, b) => a - b);
        expect((await openAll(part, sealed, start, end)).equals(content.subarray(start, end))).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('any changed byte is detected', async () => {
  const part = partOf(2 * SEGMENT_BYTES + 100);
  const sealed = await seal(part, someBytes(part.sizeBytes));
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ flip;
      await expect(openAll(part, changed)).rejects.toBeInstanceOf(BrokenObjectError);
    }),
    { numRuns: 40 },
  );
});

test('swapped, repeated and missing segments are detected', async () => {
  const part = partOf(3 * SEGMENT_BYTES);
  const sealed = await seal(part, someBytes(part.sizeBytes));
  const [a, b, c] = [0, 1, 2].map((index) => sealed.subarray(index * SEALED, (index + 1) * SEALED)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  for (const other of [
    [b, a, c],
    [a, a, c],
    [a, c, b],
    [a, b],
    [a, b, b],
  ])
    await expect(openAll(part, Buffer.concat(other))).rejects.toBeInstanceOf(BrokenObjectError);
});

test('a part that was truncated at a segment, with its size, is detected by its last segment', async () => {
  const part = partOf(3 * SEGMENT_BYTES);
  const sealed = await seal(part, someBytes(part.sizeBytes));
  const shorter = { ...part, sizeBytes: 2 * SEGMENT_BYTES };
  await expect(openAll(shorter, sealed.subarray(0, 2 * SEALED))).rejects.toBeInstanceOf(BrokenObjectError);
});

test('an object is bound to one file, one part and one upload', async () => {
  const part = partOf(SEGMENT_BYTES + 1);
  const sealed = await seal(part, someBytes(part.sizeBytes));
  for (const wrong of [
    { fileId: randomUUID() },
    { objectId: randomUUID() },
    { firstSegment: 128 },
    { isLast: false },
  ] satisfies Partial<Part>[])
    await expect(openAll({ ...part, ...wrong }, sealed)).rejects.toBeInstanceOf(BrokenObjectError);
  await expect(openAll(part, sealed, 0, part.sizeBytes, randomBytes(32))).rejects.toBeInstanceOf(BrokenObjectError);
  expect((await openAll(part, sealed)).length).toBe(part.sizeBytes);
});

test('equal content is sealed differently each time', async () => {
  const part = partOf(100);
  const content = someBytes(100);
  expect((await seal(part, content)).equals(await seal(part, content))).toBe(false);
});

test.each([99, 101])('%i bytes where 100 were announced are refused', async (size) => {
  await expect(seal(partOf(100), someBytes(size))).rejects.toBeInstanceOf(WrongSizeError);
});
