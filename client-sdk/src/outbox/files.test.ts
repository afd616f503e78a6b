import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { createFiles } from '../files/create-files.ts';
import { localStorageStorage } from '../session/local-storage.ts';
import { memoryStorage } from '../session/session-storage.ts';
import { mapFiles } from '../testing/map-files.ts';
import { browser } from '../testing/tabs.ts';
import { type Person, quick, world } from '../testing/world.ts';
import { createOutbox } from './create-outbox.ts';
import type { Outbox } from './outbox.ts';

const PART = 8_388_608;
const FILE_MAX = 2 * PART + 1_000;
const scene = await world({ FECHATTER_FILES_FILE_MAX_BYTES: String(FILE_MAX) });
afterAll(() => scene[Symbol.asyncDispose]());

const { backoff } = quick;
const bytesOf = (size: number) => new Uint8Array(size).map((_, at) => (at * 7 + (at >> 8)) % 251);
const drained = (outbox: Outbox) => until(() => outbox.unsent.getSnapshot().length === 0, 'everything is sent');
const filesOf = (outbox: Outbox) => outbox.unsent.getSnapshot().flatMap(({ files }) => files);
const messagesIn = async ({ client }: Person, chatId: string) =>
  (await client.message.list.query({ chatId, limit: 100 })).messages.toReversed();
const shown = async (person: Person, chatId: string) =>
  (await messagesIn(person, chatId)).map(({ content, files }) => [content, ...files.map(({ name }) => name)]);

/** The storages of a browser: a page of it that is opened again has the same. */
function storages() {
  const { openTab } = browser({ hasLocks: true });
  const files = mapFiles();
  return { files, open: () => ({ ...localStorageStorage('app', openTab()), files: () => files }) };
}

/** A `fetch` whose uploads can be held, and that counts them. */
function gate() {
  const puts: string[] = [];
  const refused = new Set<string>();
  const gated: typeof fetch = async (url, init) => {
    const path = new URL(url instanceof Request ? url.url : String(url)).pathname;
    if (init?.method === 'PUT') {
      if (refused.has(path.slice(-1))) throw new TypeError('fetch failed');
      puts.push(path.slice(-1));
    }
    if (refused.has(path)) throw new TypeError('fetch failed');
    return fetch(url, init);
  };
  return { puts, refused, fetch: gated };
}

test('files are uploaded and sent in the order of their messages, with the names that the service accepts', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = createOutbox(alice.client, { backoff });
  alice.toServer.cut();
  outbox.send({ chatId, content: 'before' });
  const files = [
    { content: new File([bytesOf(PART + 10)], 'a/b\u202Egpj.exe', { type: 'text/plain; charset=x' }) },
    { content: bytesOf(3), name: `${'x'.repeat(300)}.txt` },
    { content: new Uint8Array(0) },
  ];
  const { sent } = outbox.send({ chatId, content: '', files });
  outbox.send({ chatId, content: 'after' });
  expect(filesOf(outbox)).toMatchObject([
    { name: 'a_b_gpj.exe', size: PART + 10, mime: 'text/plain', state: 'waiting', sentBytes: 0 },
    { size: 3 },
    { name: 'file', size: 0 },
  ]);
  alice.toServer.restore();
  await drained(outbox);
  expect(await shown(bob, chatId)).toEqual([
    ['before'],
    ['', 'a_b_gpj.exe', `${'x'.repeat(251)}.txt`, 'file'],
    ['after'],
  ]);
  const [first] = (await sent).files;
  const response = await createFiles(bob.client).download(first?.id ?? '');
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytesOf(PART + 10)))).toBe(true);
  expect(() => outbox.send({ chatId, content: '', files: Array.from({ length: 11 }, () => ({ content: bytesOf(1) })) })).toThrow(
    RangeError,
  );
}); // biome-ignore format: long expectations

test('after a reload an upload continues with the parts that are missing', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { open, files } = storages();
  const broken = gate();
  broken.refused.add('2');
  const phone = await alice.device({ storage: open(), fetch: broken.fetch });
  const before = createOutbox(phone.client, { backoff });
  before.send({ chatId, content: 'a file', files: [{ content: bytesOf(2 * PART + 7), name: 'big.bin' }] });
  before.send({ chatId, content: 'after it' });
  await until(() => filesOf(before)[0]?.sentBytes === PART + 7, 'the other parts have arrived');
  await until(() => before.unsent.getSnapshot().every(({ isKept }) => isKept), 'kept');
  before.close();
  const whole = gate();
  const page = await scene.visit({ storage: open(), fetch: whole.fetch });
  await page.restore();
  const after = createOutbox(page, { backoff });
  await until(() => after.unsent.getSnapshot().length === 2, 'both are shown');
  await drained(after);
  expect(whole.puts).toEqual(['2']);
  expect(await shown(bob, chatId)).toEqual([['a file', 'big.bin'], ['after it']]);
  await until(() => files.contents.size === 0, 'nothing is left in the storage');
});

test('a file that is refused says why, keeps the text, and can be taken off', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = createOutbox(alice.client, { backoff });
  const files = [
    { content: bytesOf(FILE_MAX + 1), name: 'too large' },
    { content: bytesOf(5), name: 'small' },
  ];
  const { clientId, sent } = outbox.send({ chatId, content: 'two files', files });
  outbox.send({ chatId, content: 'after' });
  await expect(sent).rejects.toMatchObject({ data: { reason: 'file_too_large' } });
  await until(async () => (await shown(bob, chatId)).length === 1, 'the next one is sent');
  expect(outbox.unsent.getSnapshot()).toMatchObject([
    {
      content: 'two files',
      state: 'failed',
      reason: 'file_too_large',
      files: [{ state: 'failed', reason: 'file_too_large' }, { state: 'uploaded' }],
    },
  ]);
  expect(outbox.removeFile(clientId, 'no key')).toBe(false);
  expect(outbox.removeFile(clientId, filesOf(outbox)[0]?.key ?? '')).toBe(true);
  expect(outbox.retry(clientId)).toBe(true);
  await drained(outbox);
  expect(await shown(bob, chatId)).toEqual([['after'], ['two files', 'small']]);
});

test('a file that a proxy refuses fails, and blocks no message', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const behindProxy: typeof fetch = async (url, init) =>
    init?.method === 'PUT' ? new Response('<h1>413</h1>', { status: 413 }) : fetch(url, init);
  const phone = await alice.device({ fetch: behindProxy });
  const outbox = createOutbox(phone.client, { backoff });
  const { sent } = outbox.send({ chatId, content: '', files: [{ content: bytesOf(5) }] });
  await expect(sent).rejects.toMatchObject({ reason: 'file_refused' });
  await outbox.send({ chatId, content: 'after' }).sent;
  expect(filesOf(outbox)).toMatchObject([{ state: 'failed', reason: undefined }]);
});

test('a message that is cancelled while its file is uploaded is not sent, and nothing of it is left', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { open, files } = storages();
  const broken = gate();
  broken.refused.add('2');
  const phone = await alice.device({ storage: open(), fetch: broken.fetch });
  const outbox = createOutbox(phone.client, { backoff });
  const { clientId, sent } = outbox.send({ chatId, content: 'no', files: [{ content: bytesOf(PART + 1) }] });
  await until(() => filesOf(outbox)[0]?.sentBytes === PART, 'a part has arrived');
  const fileId = filesOf(outbox)[0]?.fileId ?? '';
  expect(outbox.cancel(clientId)).toBe(true);
  await expect(sent).rejects.toThrow('cancelled');
  broken.refused.clear();
  await outbox.send({ chatId, content: 'yes' }).sent;
  const gone = () => alice.client.file.status.query({ fileId }).then(() => false, () => true);
  await until(gone, 'the upload is cancelled');
  await until(() => files.contents.size === 0, 'nothing is left in the storage');
  expect(await shown(bob, chatId)).toEqual([['yes']]);
}); // biome-ignore format: a long call

test('a file without a message of its own takes the message with it', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const outbox = createOutbox(alice.client, { backoff });
  alice.toServer.cut();
  const { clientId, sent } = outbox.send({ chatId, content: ' ', files: [{ content: bytesOf(1) }] });
  expect(outbox.removeFile(clientId, filesOf(outbox)[0]?.key ?? '')).toBe(true);
  await expect(sent).rejects.toThrow('cancelled');
  alice.toServer.restore();
  await outbox.send({ chatId, content: 'next' }).sent;
  expect(await shown(bob, chatId)).toEqual([['next']]);
});

test('two tabs with the same file upload it under one id and send it once', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { open } = storages();
  const broken = gate();
  broken.refused.add('/trpc/file.begin');
  const phone = await alice.device({ storage: open(), fetch: broken.fetch });
  const first = createOutbox(phone.client, { backoff });
  first.send({ chatId, content: 'once', files: [{ content: bytesOf(PART + 5), name: 'one' }] });
  await until(() => first.unsent.getSnapshot().every(({ isKept }) => isKept), 'kept');
  const tab = await scene.visit({ storage: open() });
  await tab.restore();
  const second = createOutbox(tab, { backoff });
  await until(() => second.unsent.getSnapshot().length === 1, 'the second tab has it as well');
  broken.refused.clear();
  await drained(first);
  await drained(second);
  expect(await shown(bob, chatId)).toEqual([['once', 'one']]);
});

test('a tab that comes late repeats what another one has sent, with the same files', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { open } = storages();
  const [early, late] = [gate(), gate()];
  for (const { refused } of [early, late]) refused.add('/trpc/file.begin');
  const phone = await alice.device({ storage: open(), fetch: early.fetch });
  const first = createOutbox(phone.client, { backoff });
  first.send({ chatId, content: 'once', files: [{ content: bytesOf(5), name: 'five' }] });
  await until(() => first.unsent.getSnapshot().every(({ isKept }) => isKept), 'kept');
  const tab = await scene.visit({ storage: open(), fetch: late.fetch });
  await tab.restore();
  const second = createOutbox(tab, { backoff });
  await until(() => second.unsent.getSnapshot().length === 1, 'the second tab has it as well');
  early.refused.clear();
  await drained(first);
  late.refused.clear();
  second.hurry();
  await drained(second);
  expect(await shown(bob, chatId)).toEqual([['once', 'five']]);
});

test('where no storage keeps files, they are in memory and say so, and their text survives them', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { openTab } = browser({ hasLocks: true });
  const textsOnly = () => {
    const storage = { ...localStorageStorage('app', openTab()) };
    delete storage.files;
    return storage;
  };
  const phone = await alice.device({ storage: textsOnly() });
  phone.toServer.cut();
  const before = createOutbox(phone.client, { backoff });
  before.send({ chatId, content: 'plain' });
  before.send({ chatId, content: 'with a file', files: [{ content: bytesOf(5), name: 'five' }] });
  await until(() => before.unsent.getSnapshot()[0]?.isKept === true, 'the text is kept');
  expect(before.unsent.getSnapshot()[1]?.isKept).toBe(false);
  before.close();
  // The same page still has it.
  phone.toServer.restore();
  const again = createOutbox(phone.client, { backoff });
  await until(async () => (await shown(bob, chatId)).length === 2, 'both are sent');
  expect(await shown(bob, chatId)).toEqual([['plain'], ['with a file', 'five']]);
  phone.toServer.cut();
  again.send({ chatId, content: 'left behind', files: [{ content: bytesOf(5), name: 'six' }] });
  const page = textsOnly();
  const keeps = async () => (await page.items?.names())?.some((name) => name.startsWith('unsent.')) === true;
  await until(keeps, 'its text is kept');
  again.close();
  const client = await scene.visit({ storage: page });
  await client.restore();
  const after = createOutbox(client, { backoff });
  await until(() => after.unsent.getSnapshot()[0]?.state === 'failed', 'it has failed');
  expect(after.unsent.getSnapshot()).toMatchObject([
    { content: 'left behind', reason: undefined, files: [{ name: 'six', state: 'lost' }] },
  ]);
  const [lost] = after.unsent.getSnapshot();
  after.removeFile(lost?.clientId ?? '', lost?.files[0]?.key ?? '');
  after.retry(lost?.clientId ?? '');
  await drained(after);
  expect(await shown(bob, chatId)).toHaveLength(3);
});

test('a file that the service has deleted meanwhile is uploaded again', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const broken = gate();
  broken.refused.add('/trpc/message.send');
  const phone = await alice.device({ fetch: broken.fetch });
  const outbox = createOutbox(phone.client, { backoff });
  outbox.send({ chatId, content: 'late', files: [{ content: bytesOf(9), name: 'nine' }] });
  await until(() => filesOf(outbox)[0]?.state === 'uploaded', 'uploaded');
  await alice.client.file.cancel.mutate({ fileId: filesOf(outbox)[0]?.fileId ?? '' });
  broken.refused.clear();
  await drained(outbox);
  expect(broken.puts).toEqual(['1', '1']);
  expect(await shown(bob, chatId)).toEqual([['late', 'nine']]);
});

test('a storage that refuses files stops nothing', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const refuse = async (): Promise<never> => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const kept = mapFiles();
  const full = { ...kept, add: refuse, setUploadId: refuse };
  for (const files of [() => full, refuse]) {
    const phone = await alice.device({ storage: { ...memoryStorage(), files } });
    const outbox = createOutbox(phone.client, { backoff });
    const { sent } = outbox.send({ chatId, content: '', files: [{ content: bytesOf(2), name: 'two' }] });
    expect((await sent).files).toHaveLength(1);
  }
  expect(await shown(bob, chatId)).toHaveLength(2);
});

test('signing out keeps the files for their person, or discards them with the messages', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const { open, files } = storages();
  for (const unsent of ['keep', 'discard'] as const) {
    const phone = await alice.device({ storage: open() });
    phone.toServer.cut();
    const outbox = createOutbox(phone.client, { backoff });
    outbox.send({ chatId, content: unsent, files: [{ content: bytesOf(2) }] });
    await until(() => outbox.unsent.getSnapshot().every(({ isKept }) => isKept), 'kept');
    await phone.client.signout({ unsent });
    expect(files.contents.size).toBe(unsent === 'keep' ? 1 : 0);
  }
});

test('a sign-out that discards also discards a file that is just being kept', async () => {
  const { alice, chatId } = await scene.chatOf('alice', 'bob');
  const { open, files } = storages();
  let written = () => {};
  const writing = new Promise<void>((resolve) => (written = resolve));
  let isWriting = false;
  const slow = {
    ...files,
    async add(name: string, content: Parameters<typeof files.add>[1]) {
      isWriting = true;
      await writing;
      await files.add(name, content);
    },
  };
  let removed = 0;
  const remove = async (name: string) => {
    await files.remove(name);
    removed += 1;
  };
  const phone = await alice.device({ storage: { ...open(), files: () => ({ ...slow, remove }) } });
  phone.toServer.cut();
  createOutbox(phone.client, { backoff }).send({ chatId, content: '', files: [{ content: bytesOf(2) }] });
  await until(() => isWriting, 'it is being written');
  await phone.client.signout({ unsent: 'discard' });
  expect(removed).toBe(0);
  written();
  await until(() => removed === 1, 'it is removed');
  expect(files.contents.size).toBe(0);
});
