import type { File } from '@fechatter/contract';
import { createFileStores, createFolderStore, type StoredObject } from '@fechatter/file-store';
import { download, type Person, someBytes, testServer, uploaded } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { runFileChecks } from '../testing/run-file-checks.ts';
import { animation, photo } from '../testing/pictures.ts';
import { workerDeps } from '../testing/worker-deps.ts';
import { collectFiles } from '../maintenance/collect-files.ts';
import { checkFile } from './check-file.ts';
import { claimCheck, dropCheck, putOffCheck } from './claim-check.ts';

const app = await testServer();
const deps = workerDeps(app);
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const chatId = chat.id;
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

const upload = (
  bytes: Uint8Array,
  more: { readonly name?: string; readonly mime?: string; readonly asFile?: boolean } = {},
) => uploaded(app, alice, { chatId, bytes, ...more });
const send = (fileId: string) => alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [fileId] });
const statusOf = (fileId: string, person: Person = alice): Promise<File> => person.trpc.file.status.query({ fileId });
const reason = async (response: Response) => ((await response.json()) as { error: { reason: string } }).error.reason;
const bytesOf = async (fileId: string, query = '', person = bob) => {
  const response = await fetch(`${app.url}/f/${fileId}${query}`, { headers: { authorization: `Bearer ${person.session.token}` } });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}; // biome-ignore format: long calls
const objects = () => app.database.query<{ id: string; part: number }>('select id, part from file_objects order by id');
const used = async () =>
  (await app.database.query<{ bytes: number }>('select sum(bytes)::int as bytes from file_usage'))[0]?.bytes;

const onePixel = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
  .png()
  .toBuffer();

/** Claims the next file. It may be due a moment later: the system's clock can step back between two statements. */
const claim = () => until(() => claimCheck(deps.db, crypto.randomUUID()), 'a file is due');

const checkAll = (workers = 1) => runFileChecks(deps, workers);

test('a photo is served rotated, with its colour profile, and without its location', async () => {
  const original = await photo(6);
  expect(original.includes('Phone of Alice')).toBe(true);
  const before = await objects();
  const file = await upload(original, { name: 'a.jpg' });
  expect(file).toMatchObject({ state: 'Scanning', mime: 'image/jpeg', width: null, hasThumbnail: false });
  const sent = await send(file.id);
  expect(await reason(await download(app, bob, file.id))).toBe('file_not_ready');
  const originals = (await objects()).filter(({ id }) => !before.some((known) => known.id === id));
  await checkAll();
  const shown = await statusOf(file.id, bob);
  expect(shown).toMatchObject({ state: 'Ready', width: 40, height: 60, hasThumbnail: true, name: 'a.jpg' });
  const content = await bytesOf(file.id);
  expect(content.length).toBe(shown.size);
  for (const text of ['Phone of Alice', 'Exif', 'xmpmeta']) expect(content.includes(text)).toBe(false);
  const { exif, xmp, icc, orientation, width } = await sharp(content).metadata();
  expect([exif, xmp, orientation, width]).toEqual([undefined, undefined, undefined, 40]);
  expect(icc).toEqual((await sharp(original).metadata()).icc);
  // As stored, red is above blue; turned, it is on the right.
  const { data } = await sharp(content).raw().toBuffer({ resolveWithObject: true });
  expect(data[0]).toBeLessThan(100);
  expect(data[39 * 3]).toBeGreaterThan(200);
  const thumbnail = await bytesOf(file.id, '?thumbnail=1');
  expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'webp', width: 40, height: 60 });
  expect(thumbnail.includes('Phone of Alice')).toBe(false);
  // What was uploaded is destroyed, and what is there counts.
  for (const { id } of originals) expect(await deps.stores.of('Folder').sizeOf(id)).toBeUndefined();
  expect(await used()).toBe(content.length + thumbnail.length);
  const message = await bob.trpc.message.get.query({ chatId, messageId: sent.id });
  expect(message.files).toEqual([shown]);
  const events = await app.events();
  expect(events.at(-1)).toMatchObject({ kind: 'file.updated', chatId, subjectId: file.id, facts: { messageId: sent.id } });
  expect(message.version).toBe(events.at(-1)?.seq);
  // With its message, all of it is deleted.
  await alice.trpc.message.delete.mutate({ chatId, messageId: sent.id });
  expect((await download(app, bob, file.id)).status).toBe(404);
  await collectFiles(deps, new AbortController().signal);
  expect([await objects(), await used()]).toEqual([before, 0]);
}); // biome-ignore format: long expectations

test('a thumbnail has the access rules and the ETag of its file, and a missing one is not found', async () => {
  const file = await upload(await photo(1));
  const plain = await upload(someBytes(10));
  await checkAll();
  const get = (fileId: string, query: string, person = alice, headers = {}) =>
    fetch(`${app.url}/f/${fileId}${query}`, { headers: { authorization: `Bearer ${person.session.token}`, ...headers } });
  const response = await get(file.id, '?thumbnail=1');
  const tag = response.headers.get('etag') ?? '';
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'image/webp', 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-cache',
    'content-security-policy': "default-src 'none'; sandbox", etag: `"${file.id}-thumbnail"`,
  });
  expect((await get(file.id, '?thumbnail=1', alice, { 'if-none-match': tag })).status).toBe(304);
  expect((await get(file.id, '', alice, { 'if-none-match': tag })).status).toBe(200);
  expect((await get(file.id, '?thumbnail=1', alice, { range: 'bytes=0-3' })).status).toBe(206);
  expect((await get(file.id, '?thumbnail=1', bob)).status).toBe(404);
  expect((await get(file.id, '?thumbnail=2')).status).toBe(400);
  expect((await get(plain.id, '?thumbnail=1')).status).toBe(404);
}); // biome-ignore format: long calls

test('as a file, a picture keeps its bytes, and only its uploader receives the event before it is sent', async () => {
  const original = await photo(6);
  const file = await upload(original, { asFile: true });
  await checkAll();
  expect(await statusOf(file.id)).toMatchObject({ state: 'Ready', width: 40, height: 60, hasThumbnail: true, size: original.length });
  expect(await bytesOf(file.id, '', alice)).toEqual(original);
  const event = (await app.events()).at(-1);
  expect(event).toMatchObject({ kind: 'file.updated', userId: alice.id, chatId, seq: null, subjectId: file.id, facts: {} });
}); // biome-ignore format: long expectations

test.each(['gif', 'webp'] as const)('an animated %s stays animated', async (format) => {
  const file = await upload(await animation(format));
  await checkAll();
  expect(await statusOf(file.id)).toMatchObject({ state: 'Ready', mime: `image/${format}`, width: 10, height: 10 });
  const content = await bytesOf(file.id, '', alice);
  expect(await sharp(content, { animated: true }).metadata()).toMatchObject({ pages: 3, loop: 2, delay: [50, 60, 70] });
});

test('a file that is no readable picture is only ever downloaded', async () => {
  const whole = await photo(1);
  const huge = (width: number, height: number) => {
    const png = Buffer.from(onePixel);
    png.writeUInt32BE(width, 16);
    png.writeUInt32BE(height, 20);
    return png;
  };
  const bad: Readonly<Record<string, Buffer>> = {
    'a polyglot': Buffer.from('GIF89a<script>alert(1)</script>'.padEnd(100, ' ')),
    'a picture that was cut off': whole.subarray(0, whole.length - 300),
    'a bomb': huge(60_000, 60_000),
    'more than 50 megapixels': huge(7_000, 7_300),
    'only a beginning': onePixel.subarray(0, 40),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    const file = await upload(bytes, { name });
    expect(file.state, name).toBe('Scanning');
    await checkAll();
    expect(await statusOf(file.id), name).toMatchObject({ state: 'Ready', mime: 'application/octet-stream', width: null, hasThumbnail: false });
    const response = await download(app, alice, file.id);
    expect(response.headers.get('content-disposition'), name).toMatch(/^attachment;/);
    expect(response.headers.get('content-type'), name).toBe('application/octet-stream');
    expect(Buffer.from(await response.arrayBuffer()), name).toEqual(bytes);
  }
  const svg = await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), { mime: 'image/svg+xml' });
  expect(svg).toMatchObject({ state: 'Ready', mime: 'image/svg+xml' });
  expect((await download(app, alice, svg.id)).headers.get('content-disposition')).toMatch(/^attachment;/);
}); // biome-ignore format: long values

test('two workers at once check each file once', async () => {
  const files = [await upload(await photo(1)), await upload(await photo(6)), await upload(await animation('gif'))];
  const before = (await app.events()).length;
  await checkAll(2);
  const announced = (await app.events()).slice(before);
  expect(announced).toHaveLength(files.length);
  expect(new Set(announced.map(({ subjectId }) => subjectId))).toEqual(new Set(files.map(({ id }) => id)));
});

test('when a worker is killed during a check, the next one continues; after three deaths the picture stays a file', async () => {
  const file = await upload(await photo(1));
  for (let death = 1; death <= 3; death++) {
    expect(await claim()).toMatchObject({ fileId: file.id, attempts: death });
    expect(await claimCheck(deps.db, crypto.randomUUID())).toBeUndefined();
    await app.database.query("update file_checks set due_at = now() - interval '1 minute'");
  }
  await checkAll();
  expect(await statusOf(file.id)).toMatchObject({ state: 'Ready', mime: 'application/octet-stream' });
});

test('the result of a worker that lost its claim is not shown, and is deleted', async () => {
  const file = await upload(await photo(1));
  const late = await claim();
  await app.database.query("update file_checks set due_at = now() - interval '1 minute'");
  await checkAll();
  const [shown, kept] = [await statusOf(file.id), await objects()];
  const original = late.file;
  expect(original?.objects).toHaveLength(1);
  // Its content is gone already: as the worker would read it now, the file is another.
  const now = { ...late, file: original && { ...original, sizeBytes: shown.size, objects: await partsOf(file.id) } };
  expect(await checkFile(deps, now, new AbortController().signal)).toBe('lost');
  expect([await statusOf(file.id), await objects()]).toEqual([shown, kept]);
});
const partsOf = (fileId: string) =>
  app.database.query<StoredObject>('select id, store from file_objects where file_id = $1 and part > 0 order by part', [
    fileId,
  ]);

test('a file that is cancelled during its check stays gone, and a claim that is dropped or postponed can be made again', async () => {
  const file = await upload(await photo(1));
  const first = await claim();
  await dropCheck(deps.db, first);
  const second = await claim();
  expect(second).toMatchObject({ fileId: file.id, attempts: 1 });
  await putOffCheck(deps.db, second);
  expect(await claimCheck(deps.db, crypto.randomUUID())).toBeUndefined();
  await alice.trpc.file.cancel.mutate({ fileId: file.id });
  await app.database.query("update file_checks set due_at = now() - interval '1 minute'");
  const before = (await app.events()).length;
  await checkAll();
  expect((await app.events()).length).toBe(before);
  await collectFiles(deps, new AbortController().signal);
  expect(await app.database.query('select from files where id = $1', [file.id])).toEqual([]);
});

test('a picture that is moved to another store during its check is read there, and no copy of the upload is left', async () => {
  const { folder } = app.deps.config.files;
  const [near, far] = [createFolderStore(folder), createFolderStore(join(folder, '..', 'elsewhere'))];
  const both = { ...deps, stores: createFileStores('Folder', { Folder: near, S3: far }) };
  for (const isMoved of [true, false]) {
    const file = await upload(await photo(6));
    const claimed = await claim();
    const [original] = await partsOf(file.id);
    if (original === undefined) throw new Error('it was uploaded');
    const { id } = original;
    const sizeBytes = (await near.sizeOf(id)) ?? 0;
    await far.put(id, near.read(id, { start: 0, end: sizeBytes }), sizeBytes);
    // A move is between its steps: the row has both stores, and the old copy is there or not.
    if (isMoved) await near.delete(id);
    const [store, other] = isMoved ? ['S3', 'Folder'] : ['Folder', 'S3'];
    await app.database.query('update file_objects set store = $2, other_store = $3 where id = $1', [id, store, other]);
    expect(await checkFile(both, claimed, new AbortController().signal)).toBe('picture');
    expect([await near.sizeOf(id), await far.sizeOf(id)]).toEqual([undefined, undefined]);
    expect(await statusOf(file.id)).toMatchObject({ state: 'Ready', width: 40, height: 60, hasThumbnail: true });
  }
});
