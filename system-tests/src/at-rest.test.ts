import { migrate } from '@fechatter/drizzle';
import { startPostgres } from '@fechatter/embedded-postgres';
import { startServer } from '@fechatter/server';
import { startNotify } from '@fechatter/notify';
import { createFechatter } from '@fechatter/client';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { startWorker } from '@fechatter/worker';
import { PASSWORD } from './world.ts';

/** The files of a folder that contain one of these byte sequences. */
async function filesWith(folder: string, needles: readonly Buffer[]): Promise<{ found: string[]; bytes: number }> {
  const found: string[] = [];
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    bytes += content.length;
    if (needles.some((needle) => content.includes(needle))) found.push(relative(folder, path));
  }
  return { found: found.sort(), bytes };
}

/** The forms of a text in a file: plain, in UTF-16, in base64 at each offset, and in hex. */
function formsOf(text: string): Buffer[] {
  const base64 = [0, 1, 2].map((offset) => {
    const whole = Buffer.from(`${'x'.repeat(offset)}${text}`).toString('base64');
    // The edges depend on the neighbouring bytes.
    return whole.slice(4, -4);
  });
  const hex = Buffer.from(text).toString('hex');
  return [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    ...[...base64, hex, hex.toUpperCase()].map((form) => Buffer.from(form)),
  ];
}

/** The token of the only mail there. */
async function tokenIn(folder: string): Promise<string | undefined> {
  const [file] = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return file === undefined ? undefined : /\?token=(\S+)/.exec(await readFile(join(folder, file), 'utf8'))?.[1];
}

test('no file of the database, its write-ahead log included, contains what people wrote', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-at-rest-'));
  // Compressed page images in the WAL could hide the texts.
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), settings: { wal_compression: 'off' } });
  try {
    const env = {
      FECHATTER_DATABASE_URL: postgres.url,
      FECHATTER_DATABASE_MIGRATE: 'false',
      FECHATTER_MAIL_VIA: 'files',
      FECHATTER_DATA_DIR: join(folder, 'data'),
    };
    await migrate({ url: postgres.url, applicationName: 'at-rest' });
    const server = await startServer(testConfig('server', env), { log: silentLog() });
    const notify = await startNotify(testConfig('notify', env), { log: silentLog() });
    const worker = await startWorker(testConfig('worker', env), { log: silentLog(), jobs: [] });
    const alice = createFechatter({ serverUrl: server.url, notifyUrl: notify.url });
    const email = 'canary-address@example.com';
    await alice.auth.signup.mutate({ email, password: PASSWORD, fullName: 'Canary-Person' });
    const { id: workspaceId } = await alice.workspace.create.mutate({ name: 'Canary-Workspace' });
    const group = { name: 'Canary-Chat', chatType: 'Group' as const, workspaceId, memberIds: [] };
    const { id: chatId } = await alice.chat.create.mutate(group);
    const send = (content: string) => alice.message.send.mutate({ chatId, content });
    const rare = 'quetzalcoatlus';
    const kept = `a canary that sings in the mine of ${rare}`;
    const first = 'a canary before the edit was made';
    const second = 'a canary after the edit was made';
    const deleted = 'a canary that was deleted again';
    await send(kept);
    await send(`${kept} ${'and sings '.repeat(700)}`);
    const edited = await send(first);
    await alice.message.edit.mutate({ chatId, messageId: edited.id, content: second });
    const { id: messageId } = await send(deleted);
    await alice.message.delete.mutate({ chatId, messageId });
    expect((await alice.message.list.query({ chatId })).messages).toHaveLength(3);
    const search = () => alice.message.search.query({ workspaceId, query: rare });
    await until(async () => (await search()).hits.length === 2, 'both are in the index');
    const token = await until(() => tokenIn(join(folder, 'data', 'mail')), 'a mail with a link');
    await server.deps.db.pool.query('checkpoint');
    await worker.close();
    await notify.close();
    await server.close();
    await postgres.stop();

    const secrets = [rare, kept, first, second, deleted, PASSWORD, token, alice.session?.deviceToken ?? ''];
    const sealed = await filesWith(postgres.dataDir, secrets.flatMap(formsOf));
    const inClear = await Promise.all(
      [email, 'Canary-Person', 'Canary-Workspace', 'Canary-Chat'].map((text) =>
        filesWith(postgres.dataDir, [Buffer.from(text)]),
      ),
    );
    console.log(
      `at rest: ${sealed.bytes} bytes searched for ${secrets.length} secrets: in ${sealed.found.length} files`,
    );
    expect(sealed.found).toEqual([]);
    // A positive control: plain texts are found in the tables and in the WAL.
    for (const { found } of inClear) {
      expect(found.some((path) => path.includes('pg_wal'))).toBe(true);
      expect(found.some((path) => path.includes('base'))).toBe(true);
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
