import { afterAll, expect, test } from 'vitest';
import { isFechatterError } from '../errors.ts';
import { world } from '../testing/world.ts';
import { createFiles } from './create-files.ts';

const PART = 8_388_608;
const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
const bytes = new Uint8Array(2 * PART + 1_000).map((_, at) => (at * 7 + (at >> 8)) % 251);
const same = (one: ArrayBuffer, other: Uint8Array) => Buffer.from(one).equals(Buffer.from(other));

test('a Blob is uploaded in parts, sent, and read by others with their token and by URL', async () => {
  const files = createFiles(alice.client);
  const reported: number[] = [];
  const content = new File([bytes], 'a file.bin', { type: 'application/x-thing; v=1' });
  const file = await files.upload({ chatId, content }, { onProgress: ({ sentBytes }) => reported.push(sentBytes) });
  expect(file).toMatchObject({ name: 'a file.bin', size: bytes.length, mime: 'application/x-thing', state: 'Ready' });
  expect(reported).toHaveLength(3);
  expect(reported.at(-1)).toBe(bytes.length);
  const sent = await alice.client.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
  expect(sent.files).toEqual([file]);
  const his = createFiles(bob.client);
  expect(same(await (await his.download(file.id)).arrayBuffer(), bytes)).toBe(true);
  const part = await his.download(file.id, { range: 'bytes=10-19' });
  expect(same(await part.arrayBuffer(), bytes.subarray(10, 20))).toBe(true);
  const [url, again] = await Promise.all([his.urlOf(file.id), his.urlOf(file.id)]);
  expect(again).toBe(url);
  expect(same(await (await fetch(url)).arrayBuffer(), bytes)).toBe(true);
});

test('a broken connection repeats its part, not the file', async () => {
  const puts: string[] = [];
  const flaky: typeof fetch = async (url, init) => {
    if (init?.method !== 'PUT') return fetch(url, init);
    const address = url instanceof Request ? url.url : String(url);
    puts.push(address.slice(-1));
    // The first attempt at each part: one is lost before the server, one after it.
    if (puts.filter((part) => part === address.slice(-1)).length > 1) return fetch(url, init);
    if (address.endsWith('2')) throw new TypeError('fetch failed');
    await (await fetch(url, init)).text();
    throw new TypeError('fetch failed');
  };
  const device = await alice.device({ fetch: flaky });
  const file = await createFiles(device.client).upload({ chatId, content: bytes, name: 'x' });
  expect(puts.toSorted()).toEqual(['1', '1', '2', '2', '3', '3']);
  expect(same(await (await createFiles(alice.client).download(file.id)).arrayBuffer(), bytes)).toBe(true);
});

test('a paused upload continues on another device', async () => {
  const pause = new AbortController();
  let begun = '';
  const pausing = createFiles(alice.client).upload(
    { chatId, content: bytes, name: 'x' },
    { signal: pause.signal, onBegun: (fileId) => (begun = fileId), onProgress: () => pause.abort(new Error('paused')) },
  );
  await expect(pausing).rejects.toThrow('paused');
  const before = (await alice.client.file.status.query({ fileId: begun })).partsReceived ?? [];
  expect(before.length).toBeGreaterThan(0);
  const other = await alice.device();
  const files = createFiles(other.client);
  const reported: number[] = [];
  const options = { fileId: begun, onProgress: ({ sentBytes }: { sentBytes: number }) => reported.push(sentBytes) };
  const file = await files.upload({ chatId, content: bytes, name: 'x' }, options);
  expect(file).toMatchObject({ id: begun, state: 'Ready' });
  expect(reported.length).toBeLessThan(3);
  expect(same(await (await files.download(begun)).arrayBuffer(), bytes)).toBe(true);
  // Finished already: there is nothing to send.
  expect(await files.upload({ chatId, content: bytes, name: 'x' }, { fileId: begun })).toEqual(file);
  await expect(files.upload({ chatId, content: new Uint8Array(3) }, { fileId: begun })).rejects.toThrow('of 3');
});

test('an upload that is paused before its first part sends none', async () => {
  const pause = new AbortController();
  let begun = '';
  const onBegun = (fileId: string) => {
    begun = fileId;
    pause.abort(new Error('paused'));
  };
  const input = { chatId, content: bytes, name: 'x' };
  await expect(createFiles(alice.client).upload(input, { signal: pause.signal, onBegun })).rejects.toThrow('paused');
  expect((await alice.client.file.status.query({ fileId: begun })).partsReceived).toEqual([]);
});

test('an upload that a proxy refuses is not retried', async () => {
  let puts = 0;
  const behindProxy: typeof fetch = async (url, init) => {
    if (init?.method !== 'PUT') return fetch(url, init);
    puts += 1;
    return new Response('<h1>413 Request Entity Too Large</h1>', { status: 413 });
  };
  const device = await alice.device({ fetch: behindProxy });
  const content = bytes.subarray(0, 1_000);
  await expect(createFiles(device.client).upload({ chatId, content, name: 'x' })).rejects.toThrow('returned 413');
  expect(puts).toBe(1);
});

test('a refused upload reports its reason and is not retried', async () => {
  const files = createFiles(bob.client);
  const reasonOf = async (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => (isFechatterError(error) ? error.data?.reason : error),
    );
  const content = new Uint8Array(3);
  expect(await reasonOf(files.upload({ chatId, content, name: '../x' }))).toBe('invalid_input');
  expect(await reasonOf(files.upload({ chatId, content }))).toBe('invalid_input');
  expect(await reasonOf(files.download(crypto.randomUUID()))).toBe('file_not_found');
  const { fileId } = await alice.client.file.begin.mutate({ chatId, name: 'x', size: 3 });
  expect(await reasonOf(files.upload({ chatId, content }, { fileId }))).toBe('file_not_found');
});
