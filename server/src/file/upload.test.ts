import { limits } from '@fechatter/contract';
import { readdir, readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';
import { download, putPart, refusal, someBytes, testServer, uploaded } from '../testing/index.ts';
import { reasonOf } from '../rest/rest-world.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0', FECHATTER_LIMITS_WRITES_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
const chatId = chat.id;
const outsider = await app.signUp('mallory');
const begin = (more: object = {}) => alice.trpc.file.begin.mutate({ chatId, name: 'a.bin', size: 10, ...more });
const put = async (fileId: string, part: number | string, body: Uint8Array, person = alice) => {
  const response = await putPart(app, person, fileId, part, body);
  const text = await response.text();
  return response.status === 204 ? 204 : reasonOf({ body: JSON.parse(text) } as never);
};
const contentOf = async (fileId: string, person = bob) => {
  const response = await download(app, person, fileId);
  return new Uint8Array(await response.arrayBuffer());
};
const objects = (fileId: string) => app.database.query('select * from file_objects where file_id = $1', [fileId]);

test('a file is uploaded in parts in any order, sent, and read by everyone in the chat and no one else', async () => {
  const bytes = someBytes(limits.filePartBytes + 100_001);
  const file = await uploaded(app, alice, { chatId, bytes, name: 'héllo 👍.bin', mime: 'application/x-thing' });
  expect(file).toEqual({
    id: file.id, name: 'héllo 👍.bin', size: bytes.length, mime: 'application/x-thing', width: null, height: null,
    hasThumbnail: false, state: 'Ready', createdAt: expect.any(Date) as Date,
  }); // biome-ignore format: a file
  // Until it is sent, it is its uploader's alone.
  expect((await download(app, bob, file.id)).status).toBe(404);
  expect(await refusal(bob.trpc.file.status.query({ fileId: file.id }))).toMatchObject({ reason: 'file_not_found' });
  expect(Buffer.from(await contentOf(file.id, alice)).equals(Buffer.from(bytes))).toBe(true);
  const sent = await alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
  expect(sent).toMatchObject({ content: '', files: [file] });
  expect(Buffer.from(await contentOf(file.id)).equals(Buffer.from(bytes))).toBe(true);
  expect(await bob.trpc.file.status.query({ fileId: file.id })).toEqual(file);
  const { messages } = await bob.trpc.message.list.query({ chatId, limit: 1 });
  expect(messages[0]).toMatchObject({ id: sent.id, files: [file] });
  expect((await download(app, outsider, file.id)).status).toBe(404);
  expect(await refusal(outsider.trpc.file.status.query({ fileId: file.id }))).toMatchObject({
    reason: 'file_not_found',
  });
});

test('neither the content nor the name of a file is stored in plain text', async () => {
  const secret = 'a secret content';
  const file = await uploaded(app, alice, { chatId, bytes: Buffer.from(secret), name: 'the secret name.txt' });
  const { folder } = app.deps.config.files;
  const [object] = await objects(file.id);
  const places = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(String(object?.['id'])));
  expect(places).toHaveLength(1);
  const stored = await readFile(`${folder}/${places[0]}`);
  expect(stored.length).toBe(secret.length + 28);
  expect(stored.includes('secret')).toBe(false);
  const rows = await app.database.query(
    "select encode(sealed_name || wrapped_key, 'escape') as t from files where id = $1",
    [file.id],
  );
  expect(String(rows[0]?.['t'])).not.toContain('secret');
});

test('an empty file has no part', async () => {
  const { fileId, partCount, partSize } = await begin({ size: 0 });
  expect({ partCount, partSize }).toEqual({ partCount: 0, partSize: 8_388_608 });
  const file = await alice.trpc.file.finish.mutate({ fileId });
  expect(file).toMatchObject({ size: 0, state: 'Ready' });
  expect(await contentOf(fileId, alice)).toHaveLength(0);
});

test('a part has exactly its size, exists in the file, and belongs to an own upload', async () => {
  const { fileId } = await begin();
  expect(await put(fileId, 1, someBytes(9))).toBe('part_size_wrong');
  expect(await put(fileId, 1, someBytes(11))).toBe('part_size_wrong');
  expect(await put(fileId, 1, someBytes(0))).toBe('part_size_wrong');
  for (const part of [2, 0, -1, '1e3', 'x', '99999999999'])
    expect(await put(fileId, part, someBytes(10))).toBe('invalid_input');
  expect(await put(fileId, 1, someBytes(10), bob)).toBe('file_not_found');
  expect(await put(uuidv7(), 1, someBytes(10))).toBe('file_not_found');
  expect(await put('x', 1, someBytes(10))).toBe('invalid_input');
  expect(await objects(fileId)).toEqual([]);
  expect(await refusal(alice.trpc.file.finish.mutate({ fileId }))).toMatchObject({
    reason: 'file_not_ready',
  });
  expect(await refusal(bob.trpc.file.finish.mutate({ fileId }))).toMatchObject({ reason: 'file_not_found' });
  expect(await alice.trpc.file.status.query({ fileId })).toMatchObject({ state: 'Uploading', partsReceived: [] });
  expect(await put(fileId, 1, someBytes(10))).toBe(204);
  expect(await alice.trpc.file.status.query({ fileId })).toMatchObject({ state: 'Uploading', partsReceived: [1] });
});

test('a part that is sent again replaces the first, until the file is finished', async () => {
  const { fileId } = await begin();
  expect(await put(fileId, 1, Buffer.from('0123456789'))).toBe(204);
  const responses = await Promise.all(
    ['aaaaaaaaaa', 'bbbbbbbbbb', 'cccccccccc'].map((text) => put(fileId, 1, Buffer.from(text))),
  );
  expect(responses).toEqual([204, 204, 204]);
  expect(await objects(fileId)).toHaveLength(1);
  expect(await put(fileId, 1, Buffer.from('dddddddddd'))).toBe(204);
  const [one, other] = await Promise.all([
    alice.trpc.file.finish.mutate({ fileId }),
    alice.trpc.file.finish.mutate({ fileId }),
  ]);
  expect(one).toEqual(other);
  expect(await put(fileId, 1, Buffer.from('eeeeeeeeee'))).toBe(204);
  expect(Buffer.from(await contentOf(fileId, alice)).toString()).toBe('dddddddddd');
  expect(await objects(fileId)).toHaveLength(1);
});

test('an interrupted part leaves no object', async () => {
  const { fileId } = await begin({ size: 2_000_000 });
  const broken = new AbortController();
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(someBytes(1_000_000));
    },
  });
  const headers = { authorization: `Bearer ${alice.session.token}` };
  const sending = fetch(`${app.url}/api/files/${fileId}/parts/1`, {
    method: 'PUT', headers, body, duplex: 'half', signal: broken.signal,
  }); // biome-ignore format: a call
  await expect.poll(() => objects(fileId)).toHaveLength(1);
  broken.abort();
  await expect(sending).rejects.toThrow();
  await expect.poll(() => objects(fileId)).toEqual([]);
  expect(await put(fileId, 1, someBytes(2_000_000))).toBe(204);
});

test('a part whose object was discarded while it was sent does not replace the earlier part', async () => {
  const { fileId } = await begin();
  expect(await put(fileId, 1, Buffer.from('0123456789'))).toBe(204);
  for (const giveUp of ['update file_objects set doomed_at = now()', 'delete from file_objects']) {
    let end = () => {};
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('abcde'));
        end = () => {
          controller.enqueue(Buffer.from('fghij'));
          controller.close();
        };
      },
    });
    const headers = { authorization: `Bearer ${alice.session.token}` };
    const init = { method: 'PUT', headers, body, duplex: 'half' } as const;
    const sending = fetch(`${app.url}/api/files/${fileId}/parts/1`, init);
    await expect.poll(() => objects(fileId)).toHaveLength(2);
    await app.database.query(`${giveUp} where file_id = $1 and stored_at is null`, [fileId]);
    end();
    expect((await sending).status).toBe(503);
    expect(await objects(fileId)).toHaveLength(1);
  }
  await alice.trpc.file.finish.mutate({ fileId });
  expect(Buffer.from(await contentOf(fileId, alice)).toString()).toBe('0123456789');
});

test('a part that is replaced while its file is being finished is checked again', async () => {
  const { fileId } = await begin();
  expect(await put(fileId, 1, Buffer.from('GIF89a....'))).toBe(204);
  const waiting = async () =>
    app.database.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
  const holder = await app.deps.db.pool.connect();
  await holder.query('begin');
  await holder.query('select from files where id = $1 for no key update', [fileId]);
  const putting = put(fileId, 1, Buffer.from('<!doctype>'));
  await expect.poll(waiting).toHaveLength(1);
  const finishing = alice.trpc.file.finish.mutate({ fileId });
  await expect.poll(waiting).toHaveLength(2);
  await holder.query('commit');
  holder.release();
  expect(await putting).toBe(204);
  const { mime } = await finishing;
  const content = Buffer.from(await contentOf(fileId, alice)).toString();
  expect([content, mime]).toEqual(['<!doctype>', 'application/octet-stream']);
});

test.each([
  ['no name', { name: '' }],
  ['a path', { name: '../etc/passwd' }],
  ['a path of Windows', { name: 'a\\b' }],
  ['the folder above', { name: '..' }],
  ['a control', { name: 'a\nb' }],
  ['an override', { name: 'exe.\u202egpj' }],
  ['an isolate', { name: 'exe.\u2067gpj' }],
  ['255 emoji', { name: '👍'.repeat(255) }],
  ['a negative size', { size: -1 }],
  ['half a byte', { size: 0.5 }],
  ['a type that is none', { mime: 'image/png; charset=x' }],
])('%s is refused', async (_, more) => {
  expect(await refusal(begin(more))).toMatchObject({ reason: 'invalid_input' });
});

test('a name of 127 emoji is kept', async () => {
  const file = await uploaded(app, alice, { chatId, bytes: someBytes(3), name: '👍'.repeat(127) });
  expect(file.name).toBe('👍'.repeat(127));
  const disposition = (await download(app, alice, file.id)).headers.get('content-disposition') ?? '';
  expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(file.name);
});

test('2 GiB are refused, and people outside the chat cannot start an upload', async () => {
  expect(await refusal(begin({ size: 2 ** 31 }))).toMatchObject({ reason: 'file_too_large', httpStatus: 413 });
  const stranger = outsider.trpc.file.begin.mutate({ chatId, name: 'a', size: 2 ** 31 });
  expect(await refusal(stranger)).toMatchObject({ reason: 'chat_not_found' });
});

test('a cancelled upload is deleted at once, and a sent file cannot be cancelled', async () => {
  const file = await uploaded(app, alice, { chatId, bytes: someBytes(5) });
  expect(await refusal(bob.trpc.file.cancel.mutate({ fileId: file.id }))).toMatchObject({ reason: 'file_not_found' });
  await alice.trpc.file.cancel.mutate({ fileId: file.id });
  await alice.trpc.file.cancel.mutate({ fileId: file.id });
  expect((await download(app, alice, file.id)).status).toBe(404);
  const late = alice.trpc.message.send.mutate({ chatId, content: 'x', fileIds: [file.id] });
  expect(await refusal(late)).toMatchObject({ reason: 'file_not_found' });
  const sent = await uploaded(app, carol, { chatId, bytes: someBytes(5) });
  await carol.trpc.message.send.mutate({ chatId, content: 'x', fileIds: [sent.id] });
  expect(await refusal(carol.trpc.file.cancel.mutate({ fileId: sent.id }))).toMatchObject({ reason: 'file_not_found' });
});
