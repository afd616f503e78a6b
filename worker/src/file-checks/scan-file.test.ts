import { type File, limits } from '@fechatter/contract';
import { download, testServer, uploaded } from '@fechatter/server/testing';
import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { afterAll, describe, expect, test } from 'vitest';
import { hasClamd, startClamd, VIRUS } from '../testing/clamd-process.ts';
import { runFileChecks } from '../testing/run-file-checks.ts';
import { photo } from '../testing/pictures.ts';
import { workerDeps } from '../testing/worker-deps.ts';
import { checkFile } from './check-file.ts';
import { claimCheck, putOffCheck } from './claim-check.ts';
import { waitingChecks } from './waiting-checks.ts';

const app = await testServer({ FECHATTER_FILES_CLAMAV_HOST: '127.0.0.1' });
const deps = workerDeps(app);
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const { id: chatId, workspaceId } = chat;
afterAll(async () => {
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

const upload = (bytes: Uint8Array, mime = 'text/plain') => uploaded(app, alice, { chatId, bytes, mime });
const send = (fileId: string) => alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [fileId] });
const statusOf = (fileId: string): Promise<File> => bob.trpc.file.status.query({ fileId });
const refusalOf = async (fileId: string, person = bob) => {
  const answer = await download(app, person, fileId);
  const { error } = (await answer.json()) as { error: { reason: string } };
  return [answer.status, error.reason];
};
const count = async (what: string, fileId: string) =>
  (await app.database.query<{ n: number }>(`select count(*)::int as n from ${what} where file_id = $1`, [fileId]))[0]
    ?.n;
const usage = async () =>
  (await app.database.query<{ bytes: number; files: number }>(
    `select u.bytes::int as bytes, (select sum(size_bytes + thumbnail_bytes)::int from files) as files
     from file_usage u where workspace_id = $1`, [workspaceId],
  ))[0]; // biome-ignore format: a query
const { signal } = new AbortController();
/** Looks at one file, as a worker with this daemon. */
async function look(clamd: { host: string; port: number }) {
  const check = await until(() => claimCheck(deps.db, crypto.randomUUID(), { canScan: true }), 'a file is due');
  return { check, became: checkFile({ ...deps, clamd }, check, signal) };
}

test('while clamd is down a file is not served, and is tried again; a worker without clamd leaves it', async () => {
  const file = await upload(Buffer.from('some notes'));
  expect(file.state).toBe('Scanning');
  await send(file.id);
  expect(await refusalOf(file.id)).toEqual([409, 'file_not_ready']);
  expect(await refusalOf(file.id, alice)).toEqual([409, 'file_not_ready']);
  expect(await claimCheck(deps.db, crypto.randomUUID())).toBeUndefined();
  const { check, became } = await look({ host: '127.0.0.1', port: await freePort() });
  await expect(became).rejects.toThrow('clamd cannot be used: ECONNREFUSED');
  await putOffCheck(deps.db, check);
  expect(await waitingChecks(deps.db)).toMatchObject({ failing: 1 });
  expect((await statusOf(file.id)).state).toBe('Scanning');
  await app.database.query('delete from file_checks');
  // Nothing is in an empty one.
  expect((await upload(new Uint8Array())).state).toBe('Ready');
});

describe.skipIf(!hasClamd)('with ClamAV’s own daemon (skipped without clamd)', async () => {
  const daemon = hasClamd ? await startClamd({ streamMaxBytes: 1_048_576 }) : undefined;
  const clamd = daemon ?? { host: '127.0.0.1', port: 0 };
  afterAll(() => daemon?.[Symbol.asyncDispose]());

  test('what is clean is served, and an infected file is deleted and never served', async () => {
    const clean = await upload(Buffer.from('clean notes'));
    const virus = await upload(Buffer.from(`notes, and ${VIRUS}`), 'application/x-thing');
    const unsent = await upload(Buffer.from(VIRUS));
    const picture = await upload(Buffer.concat([await photo(1), Buffer.from(VIRUS)]), 'image/jpeg');
    const good = await upload(await photo(6), 'image/jpeg');
    for (const { id } of [clean, virus, picture, good]) await send(id);
    await runFileChecks({ ...deps, clamd });
    expect(await statusOf(clean.id)).toMatchObject({ state: 'Ready', size: 11, mime: 'text/plain' });
    expect(await (await download(app, bob, clean.id)).text()).toBe('clean notes');
    expect(await statusOf(good.id)).toMatchObject({ state: 'Ready', width: 40, height: 60 });
    for (const { id, name } of [virus, picture]) {
      expect(await statusOf(id)).toMatchObject({ state: 'Infected', size: 0, name, hasThumbnail: false });
      expect(await refusalOf(id)).toEqual([403, 'file_infected']);
    }
    for (const { id } of [virus, picture, unsent]) {
      expect(await count('file_objects', id)).toBe(0);
      expect(await app.database.query('select from files where id = $1 and wrapped_key is not null', [id])).toEqual([]);
    }
    await expect(send(unsent.id)).rejects.toMatchObject({ data: { reason: 'file_infected' } });
    const used = await usage();
    expect(used?.bytes).toBe(used?.files);
    const told = (await app.events()).filter(({ kind }) => kind === 'file.updated').map(({ subjectId }) => subjectId);
    expect(told).toEqual(expect.arrayContaining([clean.id, virus.id, picture.id, good.id, unsent.id]));
    const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId });
    const found = entries.filter(({ action }) => action === 'file.infected');
    expect(found).toHaveLength(3);
    expect(found[0]).toMatchObject({ actorId: null, userId: alice.id, details: { chatId } });
    const { messages } = await bob.trpc.message.list.query({ chatId });
    const infected = messages.find(({ files }) => files[0]?.id === virus.id);
    await alice.trpc.message.delete.mutate({ chatId, messageId: infected?.id ?? '' });
    expect(await refusalOf(virus.id)).toEqual([404, 'file_not_found']);
  });

  test('a file that is larger than clamd takes stays unserved', async () => {
    const large = await upload(Buffer.alloc(3_000_000, 'x'));
    const { became } = await look(clamd);
    await expect(became).rejects.toMatchObject({
      name: 'ScanError',
      message: expect.stringContaining('StreamMaxLength') as string,
    });
    expect(await refusalOf(large.id, alice)).toEqual([409, 'file_not_ready']);
    await app.database.query('delete from file_checks');
  });

  test('parts are scanned as one file', async () => {
    const at = limits.filePartBytes;
    const bytes = Buffer.alloc(at + 1_000, 'x');
    bytes.write(VIRUS, at - 20);
    await using roomy = await startClamd({ streamMaxBytes: 20_000_000 });
    const file = await upload(bytes);
    await runFileChecks({ ...deps, clamd: roomy });
    await expect(send(file.id)).rejects.toMatchObject({ data: { reason: 'file_infected' } });
  });
});
