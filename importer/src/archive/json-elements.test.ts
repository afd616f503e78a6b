import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { jsonElements } from './json-elements.ts';
import { openArchive } from './open-archive.ts';

const folder = await mkdtemp(join(tmpdir(), 'fechatter-elements-'));
afterAll(() => rm(folder, { recursive: true }));

const FILLER = 'x'.repeat(2_200_000);
const names: string[] = [];

async function read(text: string, document: 'list' | 'lists') {
  const name = `${names.push('')}.json`;
  await writeFile(join(folder, name), text);
  const archive = await openArchive(folder);
  const found = [];
  for await (const element of jsonElements(archive, name, document)) found.push(element);
  return found;
}

const odd = [{ a: [1, { b: null }], 'ключ 🎉': '"\\\n', d: -1.5e3 }, null, 'text', 7, [1, 2], {}];

test('a large document is read like a small one', async () => {
  const elements = odd.map((value) => ({ list: '', value }));
  expect(await read(JSON.stringify(odd), 'list')).toEqual(elements);
  expect(await read(JSON.stringify([...odd, FILLER], null, 1), 'list')).toEqual([
    ...elements,
    { list: '', value: FILLER },
  ]);
  const lists = { first: odd, none: [], number: 1, object: { inner: [1] }, second: [{ c: 1 }] };
  const inLists = [...odd.map((value) => ({ list: 'first', value })), { list: 'second', value: { c: 1 } }];
  expect(await read(JSON.stringify(lists), 'lists')).toEqual(inLists);
  expect(await read(JSON.stringify({ filler: FILLER, ...lists }), 'lists')).toEqual(inLists);
  for (const text of ['{}', '7', 'null', JSON.stringify({ filler: FILLER })])
    expect(await read(text, 'list')).toEqual([]);
});

test('a document that is broken or has an element without end is refused', async () => {
  for (const text of ['[{"a":1},', `[{"a":"${FILLER}"},`, `[{"a":"${FILLER}"}}`])
    await expect(read(text, 'list')).rejects.toThrow();
  await expect(read(`["${'x'.repeat(4_500_000)}`, 'list')).rejects.toThrow('too large');
});

test('a zip bomb is refused, but a file of that kind is not: its size is limited', async () => {
  const path = join(folder, 'bomb.zip');
  const zip = new ZipFile();
  zip.addBuffer(Buffer.alloc(70_000_000, ' '), 'a.json');
  zip.end();
  await once(zip.outputStream.pipe(createWriteStream(path)), 'close');
  const archive = await openArchive(path);
  await expect(jsonElements(archive, 'a.json', 'list').next()).rejects.toThrow('a.json is a zip bomb');
  let bytes = 0;
  for await (const chunk of await archive.stream('a.json')) bytes += chunk.length;
  expect(bytes).toBe(70_000_000);
  archive.close();
});
