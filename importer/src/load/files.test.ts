import { brokenRules } from '@fechatter/server/invariants';
import { download, someBytes, testServer } from '@fechatter/server/testing';
import { collectFiles, workerDeps } from '@fechatter/worker/testing';
import { afterAll, expect, test } from 'vitest';
import {
  type ImportedContent,
  type ImportedFile,
  type ImportedMessage,
  type ImportItem,
  MissingContent,
} from '../stream.ts';
import { importing, second } from '../testing/imported.ts';

const PART_BYTES = 8_388_608;
const app = await testServer();
const imports = importing(app);
const worker = workerDeps(app);
afterAll(async () => {
  await Promise.all([imports[Symbol.asyncDispose](), worker.db.close()]);
  await app[Symbol.asyncDispose]();
});

const contentOf = (bytes: Uint8Array, sizeBytes = bytes.length): ImportedContent => ({
  sizeBytes,
  open: async () =>
    (async function* () {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    })(),
});
const file = (name: string, text: string): ImportedFile => ({ name, content: contentOf(Buffer.from(text)) });
const message = (n: number, files: readonly ImportedFile[], text = ''): ImportedMessage => ({
  type: 'message',
  chat: 'c',
  key: `m${n}`,
  atUs: second(n),
  sender: 'x',
  text: [text],
  files,
});
const chat: ImportItem = { type: 'chat', key: 'c', name: 'c', chatType: 'PublicChannel', members: [] };

test('files come with their content, name and time, and what cannot come is said', async () => {
  const { alice, workspace } = await app.workspaceOf('alice');
  const workspaceId = workspace.id;
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const missing = { sizeBytes: 3, open: () => Promise.reject(new MissingContent('it is gone')) };
  const items: ImportItem[] = [
    chat,
    message(1, [file('../пл\u202eан.txt', 'the plan')]),
    message(2, [file('a.txt', 'a'), { name: 'only a name' }, file('b.txt', '')], 'two of three'),
    message(3, [{ name: 'gone.bin', content: missing }]),
    message(4, [{ name: 'large.bin', content: { sizeBytes: 1_000_001, open: missing.open } }]),
    message(5, [{ name: 'short.bin', content: contentOf(someBytes(10), 11) }]),
    message(
      6,
      Array.from({ length: 11 }, (_, n) => file(`${n}.txt`, `${n}`)),
    ),
    message(7, [{ name: 'photo.png', mime: 'image/png', content: contentOf(png) }]),
  ];
  const dry = await imports.into(workspaceId, items, { isDryRun: true });
  expect(dry.files).toBe(16);
  expect(await app.database.query('select from files')).toEqual([]);

  const report = await imports.into(workspaceId, items);
  expect(report).toMatchObject({ files: 14, fileBytes: 8 + 1 + 11 - 1 + 16 });
  expect(report.problems.map(({ reason, count }) => `${count} ${reason}`).sort()).toEqual([
    '1 a file beyond the 10 that a message can have is left out',
    '1 a file has another size than the source says',
    '1 a file is larger than is allowed here',
    '1 a file is not imported',
    '1 it is gone',
  ]);
  const { channels } = await alice.trpc.workspace.channels.query({ workspaceId });
  const { messages } = await alice.trpc.message.list.query({ chatId: channels[0]?.id ?? '' });
  const shown = messages.map(({ content, files }) => [
    content,
    ...(files ?? []).map(({ name, state }) => `${name} ${state}`),
  ]);
  expect(shown.toReversed()).toEqual([
    ['', '.._план.txt Ready'],
    ['two of three', 'a.txt Ready', 'b.txt Ready'],
    ['[gone.bin]'],
    ['[large.bin]'],
    ['[short.bin]'],
    ['[10.txt]', ...Array.from({ length: 10 }, (_, n) => `${n}.txt Ready`)],
    // A worker looks at it now.
    ['', 'photo.png Scanning'],
  ]);
  const plan = messages.at(-1)?.files?.[0];
  expect(plan?.createdAt).toEqual(new Date(second(1) / 1_000));
  expect(await (await download(app, alice, plan?.id ?? '')).text()).toBe('the plan');
  // What people upload is checked before it.
  expect(await app.database.query('select is_imported from file_checks')).toEqual([{ is_imported: true }]);

  // What is over the quota is said, and what was given up takes no room.
  await collectFiles(worker, AbortSignal.timeout(60_000));
  const large = { name: 'large', content: contentOf(someBytes(999_900)) };
  const more = await imports.into(workspaceId, [chat, ...[1, 2, 3].map((n) => message(n, [large]))], {
    source: 'more',
  });
  expect(more.problems).toMatchObject([{ reason: 'the files of the workspace have reached their limit', count: 1 }]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an interrupted import goes on without doubles, and a discarded one leaves nothing', async () => {
  const { bob, workspace } = await app.workspaceOf('bob');
  const bytes = someBytes(PART_BYTES + 5);
  const files = { content: app.deps.files, fileMaxBytes: bytes.length, workspaceMaxBytes: 0 };
  let opened = 0;
  const counted = (name: string): ImportedFile => {
    const content = contentOf(bytes);
    return { name, content: { ...content, open: () => (opened++, content.open()) } };
  };
  const items: ImportItem[] = [chat, ...[1, 2].map((n) => message(n, [counted(`${n}.bin`)]))];
  const broken: ImportItem[] = [
    ...items.slice(0, 2),
    message(2, [{ name: '2.bin', content: { sizeBytes: 1, open: fails } }]),
  ];
  const into = (stream: readonly ImportItem[], more = {}) => imports.into(workspace.id, stream, { files, ...more });
  await expect(into(broken)).rejects.toThrow('the host does not answer');
  expect(opened).toBe(1);
  const own = () =>
    app.database.query("select f.id from files f where workspace_id = $1 and state = 'Ready'", [workspace.id]);
  const [first] = await own();
  await expect(into(items, { onProgress: stopWriting })).rejects.toThrow('stopped');
  expect(opened).toBe(2);
  expect(await own()).toHaveLength(2);
  expect(await own()).toContainEqual(first);

  await into([], { discardsUnfinished: true });
  await collectFiles(worker, AbortSignal.timeout(60_000));
  expect(await own()).toEqual([]);
  const objects = 'select from file_objects o left join files f on f.id = o.file_id where f.workspace_id = $1';
  expect(await app.database.query(objects, [workspace.id])).toEqual([]);

  expect(await into(items)).toMatchObject({ files: 2, problems: [] });
  expect(await into(items)).toMatchObject({ knownChats: 1, files: 0 });
  const { channels } = await bob.trpc.workspace.channels.query({ workspaceId: workspace.id });
  const { messages } = await bob.trpc.message.list.query({ chatId: channels[0]?.id ?? '' });
  const read = await (await download(app, bob, messages[0]?.files?.[0]?.id ?? '')).arrayBuffer();
  expect(Buffer.from(read).equals(bytes)).toBe(true);
  expect(await app.database.query(objects, [workspace.id])).toHaveLength(4);
});

test('a file that a killed import had stored comes, and one that it had begun does not stay behind', async () => {
  const { carol, workspace } = await app.workspaceOf('carol');
  const workspaceId = workspace.id;
  const items = [chat, ...[1, 2].map((n) => message(n, [file(`${n}.txt`, 'text')]))];
  await expect(imports.into(workspaceId, items, { onProgress: stopSorting })).rejects.toThrow('stopped');
  // What a kill leaves while the second is being stored.
  await app.database.query(
    "update files set state = 'Uploading' where workspace_id = $1 and created_at = to_timestamp($2::bigint / 1000000)",
    [workspaceId, second(2)],
  );
  const unreachable = [chat, ...[1, 2].map((n) => message(n, [{ name: `${n}.txt` }]))];
  const report = await imports.into(workspaceId, unreachable);
  expect(report).toMatchObject({ files: 1, fileBytes: 4, problems: [{ reason: 'a file is not imported', count: 1 }] });
  const { channels } = await carol.trpc.workspace.channels.query({ workspaceId });
  const { messages } = await carol.trpc.message.list.query({ chatId: channels[0]?.id ?? '' });
  expect(messages.map(({ content, files }) => [content, files?.map(({ name, state }) => [name, state])])).toEqual([
    ['[2.txt]', undefined],
    ['', [['1.txt', 'Ready']]],
  ]);
  await collectFiles(worker, AbortSignal.timeout(60_000));
  expect(await app.database.query('select bytes from file_usage where workspace_id = $1', [workspaceId])).toEqual([
    { bytes: '4' },
  ]);
  expect(await brokenRules(app.database)).toEqual({});
});

const fails = () => Promise.reject(new Error('the host does not answer'));
const stopAt =
  (wanted: string) =>
  ({ step }: { step: string }): void => {
    if (step === wanted) throw new Error('stopped');
  };
const [stopSorting, stopWriting] = [stopAt('sorting'), stopAt('writing')];
