import { accessOf } from '@fechatter/drizzle/testing';
import { download, testServer, uploaded } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { builtService } from '@fechatter/testing/built-service';
import { until } from '@fechatter/testing/until';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, expect, test } from 'vitest';
import { collectFiles } from '../maintenance/collect-files.ts';
import { workerDeps } from '../testing/worker-deps.ts';

const app = await testServer();
const deps = workerDeps(app);
const { alice, bob, chat } = await app.chatOf('alice', 'bob');
const chatId = chat.id;
const running = new Set<ChildProcess>();
afterAll(async () => {
  for (const worker of running) worker.kill('SIGKILL');
  await deps.db.close();
  await app[Symbol.asyncDispose]();
});

/** A worker as in production. */
async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [await builtService('worker')], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      FECHATTER_DATABASE_URL: accessOf(app.database, 'worker').url,
      FECHATTER_ENCRYPTION_KEYS: testEnvironment.FECHATTER_ENCRYPTION_KEYS,
      FECHATTER_FILES_FOLDER: app.deps.config.files.folder,
      FECHATTER_WORKER_PORT: '0',
      FECHATTER_WORKER_METRICS_PORT: '0',
      FECHATTER_SEARCH_ENABLED: 'false',
    },
  });
  running.add(worker);
  return worker;
}

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = once(worker, 'exit');
  worker.kill(signal);
  await exited;
  running.delete(worker);
}

/** The process in which this worker reads a picture. */
async function pictureProcessOf({ pid }: ChildProcess): Promise<number | false> {
  for (const id of await readdir('/proc')) {
    const read = (name: string) => readFile(`/proc/${id}/${name}`, 'utf8').catch(() => '');
    const isChild = new RegExp(`^PPid:\\s+${pid}$`, 'm').test(await read('status'));
    if (isChild && (await read('cmdline')).includes('picture.js')) return Number(id);
  }
  return false;
}

/** A picture that takes a process a while. */
const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
const slow = await sharp({ create: { width: 4_000, height: 3_000, channels: 3, noise, background: '#000' } })
  .png({ compressionLevel: 0 })
  .toBuffer();
const sendPicture = async (bytes: Uint8Array) => {
  const file = await uploaded(app, alice, { chatId, bytes });
  expect(file.state).toBe('Scanning');
  await alice.trpc.message.send.mutate({ chatId, content: '', fileIds: [file.id] });
  return file.id;
};
const statusOf = (fileId: string) => bob.trpc.file.status.query({ fileId });
const endLeases = () => app.database.query(`update file_checks set due_at = now() - interval '1 minute'`);
const objectCount = async () => (await app.database.query('select from file_objects')).length;

/** Kills a worker while it reads the picture; nothing of the picture is visible. */
async function killOver(fileId: string, attempt: number): Promise<void> {
  const worker = await startWorker();
  await until(() => pictureProcessOf(worker), 'it reads the picture', 60_000);
  await end(worker, 'SIGKILL');
  expect(await app.database.query('select attempts from file_checks')).toEqual([{ attempts: attempt }]);
  expect(await statusOf(fileId)).toMatchObject({ state: 'Scanning', width: null, hasThumbnail: false });
  for (const query of ['', '?thumbnail=1']) expect((await download(app, bob, fileId + query)).ok).toBe(false);
  await endLeases();
}

test.skipIf(process.platform !== 'linux')(
  'a picture whose worker is killed is taken up by the next one, and is never served half (skipped elsewhere than on Linux)',
  async () => {
    const fileId = await sendPicture(slow);
    await killOver(fileId, 1);
    const next = await startWorker();
    const isReady = async () => (await statusOf(fileId)).state === 'Ready';
    await until(isReady, 'the next one has read it', 120_000);
    await end(next, 'SIGTERM');
    const file = await statusOf(fileId);
    expect(file).toMatchObject({ width: 4_000, height: 3_000, hasThumbnail: true, mime: 'image/png' });
    const bytes = Buffer.from(await (await download(app, bob, fileId)).arrayBuffer());
    expect(bytes).toHaveLength(file.size);
    expect((await sharp(bytes).metadata()).width).toBe(4_000);
    // What the first one may have written is deleted: one part for each 8 MiB, and the thumbnail.
    await app.database.query(`update file_objects set created_at = now() - interval '2 days' where stored_at is null`);
    await collectFiles(deps, new AbortController().signal);
    expect(await objectCount()).toBe(Math.ceil(file.size / 8_388_608) + 1);
    await alice.trpc.file.status.query({ fileId });
  },
  240_000,
);

test.skipIf(process.platform !== 'linux')(
  'a picture whose workers are killed again and again ends as a file without a thumbnail (skipped elsewhere than on Linux)',
  async () => {
    const fileId = await sendPicture(slow);
    for (const attempt of [1, 2, 3]) await killOver(fileId, attempt);
    const last = await startWorker();
    const isReady = async () => (await statusOf(fileId)).state === 'Ready';
    await until(isReady, 'it is given up', 60_000);
    expect(await statusOf(fileId)).toMatchObject({
      mime: 'application/octet-stream',
      width: null,
      hasThumbnail: false,
    });
    // The worker lives, and reads the next one.
    const next = await sendPicture(await sharp(slow).resize(40).png().toBuffer());
    await until(async () => (await statusOf(next)).hasThumbnail, 'the next one is read', 60_000);
    expect(last.exitCode).toBeNull();
    await end(last, 'SIGTERM');
  },
  240_000,
);

test.skipIf(process.platform !== 'linux')(
  'a picture whose own process is killed ends as a file without a thumbnail, and the worker lives (skipped elsewhere than on Linux)',
  async () => {
    const worker = await startWorker();
    const fileId = await sendPicture(slow);
    const killed = new Set<number>();
    const isEnded = async () => {
      const pid = await pictureProcessOf(worker);
      if (pid !== false) {
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      }
      // One that is killed before it has loaded anything is no failure of the picture, and is tried again a while later.
      await endLeases();
      return (await statusOf(fileId)).state === 'Ready';
    };
    await until(isEnded, 'it is given up', 120_000);
    expect(killed.size).toBeGreaterThan(0);
    expect(await statusOf(fileId)).toMatchObject({
      mime: 'application/octet-stream',
      width: null,
      hasThumbnail: false,
    });
    expect(worker.exitCode).toBeNull();
    await end(worker, 'SIGTERM');
  },
  240_000,
);
