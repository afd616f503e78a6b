import { createFileStores } from '@fechatter/file-store';
import { download, putPart, someBytes } from '@fechatter/server/testing';
import { testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { collectFiles, runFileChecks, workerDeps } from '@fechatter/worker/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { checkFiles } from '../doctor/files.ts';
import { filesStage } from './files-stage.ts';
import { moveObjects } from './move-objects.ts';

const stage = await filesStage();
const {
  proxy,
  app,
  newer,
  chatId,
  environment,
  stores,
  cli,
  bytes,
  upload,
  picture,
  objectsOf,
  thumbnailOf,
  objectOf,
  isWhole,
  idsIn,
  storedIn,
  path,
  alice,
} = stage;
const worker = workerDeps(app);
afterAll(async () => {
  await worker.db.close();
  await stage[Symbol.asyncDispose]();
});
beforeEach(() => proxy.fail(() => undefined));

interface Scrubbed {
  readonly rows: { readonly broken: readonly { readonly fileId: string; readonly part: number }[] };
}
async function* bytesOf(content: Uint8Array) {
  yield await Promise.resolve(content);
}

test('files move to the other store and back while they are read, and new ones are where the setting says', async () => {
  const files = [await upload(), await upload(), await upload()];
  const ids = files.map(({ id }) => id);
  const atOnce = await upload(newer);
  expect(await storedIn([...ids, atOnce.id])).toEqual(['Folder', 'Folder', 'Folder', 'S3']);
  const state = { isMoved: false };
  const reading = (async () => {
    let count = 0;
    for (; !state.isMoved || count < 3; count++) expect(await isWhole(ids[count % 3] ?? '')).toBe(true);
  })();
  const moved = await cli('files move --to s3');
  state.isMoved = true;
  await reading;
  expect(moved).toMatchObject({ code: 0, err: '' });
  expect(await storedIn(ids)).toEqual(['S3', 'S3', 'S3']);
  expect(await idsIn('Folder')).toEqual([]);
  expect(await isWhole(atOnce.id)).toBe(true);
  const { out } = await cli('files move --to folder --json');
  expect(JSON.parse(out)).toMatchObject({ moved: 4, missing: 0, failed: 0, left: 0 });
  expect(await idsIn('S3')).toEqual([]);
  for (const id of [...ids, atOnce.id]) expect(await isWhole(id)).toBe(true);
  expect((await objectOf(atOnce.id)).other_store).toBeNull();
  expect((await cli('files move --to elsewhere')).code).toBe(2);
});

test('a move that is killed is completed by the next one', async () => {
  const files = [await upload(), await upload(), await upload(), await upload(), await upload(), await upload()];
  const before = await idsIn('Folder');
  // The first four are on their way; the deletion of none is confirmed.
  let puts = 0;
  proxy.fail(({ method }) => {
    if (method === 'PUT') puts += 1;
    return method === 'PUT' && puts > 2 ? { kind: 'be silent' } : undefined;
  });
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'files', 'move', '--to', 's3'], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await until(() => puts > 3, 'the move waits for the store');
  const inS3 = () => app.database.query<{ id: string }>(`select id from file_objects where store = 'S3' limit 1`);
  await until(async () => (await inS3()).length > 0, 'one is moved');
  child.kill('SIGKILL');
  await ended;
  proxy.fail(() => undefined);
  for (const { id } of files) expect(await isWhole(id)).toBe(true);
  // As if it had been killed between the row and the old copy.
  const [moved] = await inS3();
  await stores.of('Folder').put(moved?.id ?? '', bytesOf(bytes), bytes.length);
  await app.database.query(`update file_objects set other_store = 'Folder' where id = $1`, [moved?.id]);
  await until(async () => (await cli('files move --to s3')).code === 0, 'the killed one has lost its lock');
  expect(await idsIn('Folder')).toEqual([]);
  expect(await idsIn('S3')).toEqual(before);
  for (const { id } of files) expect(await isWhole(id)).toBe(true);
  expect(await app.database.query('select from file_objects where other_store is not null')).toEqual([]);
});

test('an object is not moved where its copy is refused, and stays readable', async () => {
  expect((await cli('files move --to folder')).code).toBe(0);
  const file = await upload();
  proxy.fail(({ method }) => (method === 'PUT' ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined));
  const { code, out } = await cli('files move --to s3');
  expect({ code, last: out.trim().split('\n').at(-1) }).toMatchObject({
    code: 1,
    last: 'done: 0 objects are moved, 0 bytes',
  });
  expect(await isWhole(file.id)).toBe(true);
});

test('a scrub finds what does not belong together, and repairs what it can', async () => {
  proxy.fail(() => undefined);
  expect(await cli('files scrub --deep')).toMatchObject({ code: 0, err: '' });
  const [missing, cut, changed, elsewhere] = [await upload(), await upload(), await upload(), await upload()];
  await rm(path((await objectOf(missing.id)).id));
  await truncate(path((await objectOf(cut.id)).id), 500);
  await writeFile(path((await objectOf(changed.id)).id), someBytes(100_056));
  const { id: moved } = await objectOf(elsewhere.id);
  await app.database.query(`update file_objects set store = 'S3' where id = $1`, [moved]);
  const { fileId: begun } = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: 100_000 });
  await putPart(app, alice, begun, 1, bytes);
  await rm(path((await objectOf(begun)).id));
  const [old, young] = ['01890000-0000-7000-8000-000000000001', 'ffffffff-ffff-7fff-8fff-ffffffffffff'];
  for (const id of [old, young]) await stores.of('S3').put(id, bytesOf(someBytes(9)), 9);
  const usage = 'select sum(bytes)::int as bytes from file_usage';
  const right = await app.database.query(usage);
  await app.database.query('update file_usage set bytes = 7');

  const found = {
    rows: { elsewhere: 1, lostParts: 1, missing: [{ fileId: missing.id, part: 1 }] },
    objects: { withoutRow: 1, young: 1, copies: 0 },
    usage: { wrong: 1 },
  };
  const fileIds = (broken: readonly { fileId: string }[]) => broken.map(({ fileId }) => fileId).toSorted();
  const shallow = JSON.parse((await cli('files scrub --json')).out) as Scrubbed;
  expect(shallow).toMatchObject(found);
  expect(fileIds(shallow.rows.broken)).toEqual([cut.id]);
  const { code, out } = await cli('files scrub --deep --repair --json');
  const deep = JSON.parse(out) as Scrubbed;
  expect(deep).toMatchObject(found);
  expect(fileIds(deep.rows.broken)).toEqual([cut.id, changed.id].toSorted());
  // What is lost of sent files cannot be repaired.
  expect(code).toBe(1);
  expect(await app.database.query(usage)).toEqual(right);
  expect(await idsIn('S3')).toEqual([young]);
  expect(await isWhole(elsewhere.id)).toBe(true);
  expect(await alice.trpc.file.status.query({ fileId: begun })).toMatchObject({ partsReceived: [] });
  const again = JSON.parse((await cli('files scrub --deep --json')).out);
  expect(again).toMatchObject({
    rows: { elsewhere: 0, lostParts: 0 },
    objects: { withoutRow: 0, young: 1 },
    usage: { wrong: 0 },
  });
  await stores.of('S3').delete(young);
});

/** Its content and its thumbnail, both whole. */
const isShown = async (fileId: string) => {
  const get = (query: string) =>
    fetch(`${app.url}/f/${fileId}${query}`, { headers: { authorization: `Bearer ${alice.session.token}` } });
  const { size } = await alice.trpc.file.status.query({ fileId });
  const [content, thumbnail] = [await get(''), await get('?thumbnail=1')];
  const isWebp = Buffer.from(await thumbnail.arrayBuffer()).toString('latin1', 8, 12) === 'WEBP';
  return content.status === 200 && (await content.arrayBuffer()).byteLength === size && isWebp;
};
const forget = (fileId: string) => alice.trpc.file.cancel.mutate({ fileId });

test('a scrub counts, measures and reads thumbnails too', async () => {
  const [right, cut, changed] = [await picture(), await picture(), await picture()];
  await runFileChecks(worker);
  const before = JSON.parse((await cli('files scrub --deep --json')).out) as Scrubbed;
  expect(before).toMatchObject({ usage: { wrong: 0 } });
  const usage = 'select sum(bytes)::int as bytes from file_usage';
  const counted = await app.database.query(usage);
  await app.database.query('update file_usage set bytes = 7');
  await truncate(path(await thumbnailOf(cut.id)), 60);
  const inChanged = await thumbnailOf(changed.id);
  await writeFile(path(inChanged), someBytes((await stores.of('Folder').sizeOf(inChanged)) ?? 0));
  const after = JSON.parse((await cli('files scrub --deep --repair --json')).out) as Scrubbed;
  const known = new Set(before.rows.broken.map(({ fileId }) => fileId));
  const broken = after.rows.broken.filter(({ fileId }) => !known.has(fileId));
  expect(broken.toSorted((a, b) => a.fileId.localeCompare(b.fileId))).toEqual(
    [cut.id, changed.id].toSorted().map((fileId) => ({ fileId, part: 0 })),
  );
  expect(await app.database.query(usage)).toEqual(counted);
  expect(await isShown(right.id)).toBe(true);
  for (const { id } of [right, cut, changed]) await forget(id);
});

test('pictures that are written anew while they are moved are whole afterwards, and nothing else is left', async () => {
  const { signal } = new AbortController();
  await collectFiles(worker, signal);
  expect((await cli('files move --to s3')).code).toBe(1);
  const others = await idsIn('S3');
  for (const when of ['before', 'after'] as const) {
    const { id } = await picture();
    const original = await objectOf(id);
    const far = stores.of('S3');
    const hooked = createFileStores('Folder', {
      Folder: stores.of('Folder'),
      S3: {
        ...far,
        async put(...object) {
          if (when === 'before') await runFileChecks(worker);
          await far.put(...object);
          if (when === 'after') await runFileChecks(worker);
        },
      },
    });
    const { pool } = app.deps.db;
    const counts = await moveObjects({ pool, stores: hooked, to: 'S3', signal, onProgress: () => {} });
    expect(counts, when).toMatchObject({ failed: 0 });
    expect(await idsIn('S3'), when).not.toContain(original.id);
    expect(await idsIn('Folder'), when).not.toContain(original.id);
    expect(await isShown(id), when).toBe(true);
    await cli('files move --to s3');
    const written = await objectsOf(id);
    expect(
      written.map(({ part, store }) => [part, store]),
      when,
    ).toEqual([
      [0, 'S3'],
      [1, 'S3'],
    ]);
    expect(await idsIn('S3'), when).toEqual([...others, ...written.map((one) => one.id)].toSorted());
    expect(await isShown(id), when).toBe(true);
    await forget(id);
    await collectFiles(worker, signal);
  }
});

test('a store that fails or is full refuses a part with files_unavailable, and the part can be sent again', async () => {
  const { fileId } = await alice.trpc.file.begin.mutate({ chatId, name: 'a', size: bytes.length });
  for (const [status, code] of [
    [507, 'InsufficientStorage'],
    [403, 'AccessDenied'],
  ] as const) {
    proxy.fail(({ method }) => (method === 'PUT' ? { kind: 'refuse', status, code } : undefined));
    const response = await putPart(newer, alice, fileId, 1, bytes);
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 503,
      body: { error: { reason: 'files_unavailable' } },
    });
  }
  expect(await alice.trpc.file.status.query({ fileId })).toMatchObject({ partsReceived: [] });
  proxy.fail(() => undefined);
  expect((await putPart(newer, alice, fileId, 1, bytes)).status).toBe(204);
  await alice.trpc.file.finish.mutate({ fileId });
  expect(await isWhole(fileId)).toBe(true);
  const part = await download(newer, alice, fileId, { range: 'bytes=70000-70009' });
  expect(Buffer.from(await part.arrayBuffer()).equals(Buffer.from(bytes.slice(70_000, 70_010)))).toBe(true);
});

test('the doctor tries the bucket, and says what is not allowed', async () => {
  const config = testConfig('launcher', environment);
  const finding = async () => {
    const findings = await checkFiles({ env: {}, config, database: app.database, db: app.db.pool });
    return findings.find(({ check }) => check === 's3');
  };
  expect(await finding()).toMatchObject({ status: 'ok' });
  for (const [method, what] of [
    ['PUT', 'stored'],
    ['GET', 'read in part'],
    ['DELETE', 'deleted'],
  ] as const) {
    proxy.fail((request) =>
      request.method === method ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined,
    );
    expect(await finding()).toMatchObject({
      status: 'problem',
      found: expect.stringContaining(`cannot be ${what}`) as string,
      todo: expect.stringContaining('allowed to') as string,
    });
  }
});
