import { createFechatter, type Event } from '@fechatter/client';
import { freePort } from '@fechatter/testing/free-port';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { spawnLauncher, startSystem, type StartedSystem, type SystemPlace, systemPlace } from './started-system.ts';

const credentials = { email: 'alice@example.com', password: 'correct horse battery staple' };

async function aliceIn(system: Pick<StartedSystem, 'serverUrl' | 'notifyUrl'>) {
  const alice = createFechatter(system);
  await alice.auth.signup.mutate({ ...credentials, fullName: 'Alice' });
  const workspace = await alice.workspace.create.mutate({ name: 'Home' });
  const chat = await alice.chat.create.mutate({
    name: 'All',
    chatType: 'Group',
    workspaceId: workspace.id,
    memberIds: [],
  });
  return { alice, chatId: chat.id };
}

/** One data folder through all of them: each test continues where the one before it ended. */
describe('one command', { timeout: 600_000 }, () => {
  let place: Awaited<ReturnType<typeof systemPlace>>;
  let system: StartedSystem;
  const started: StartedSystem[] = [];
  const start = async (settings: SystemPlace) => {
    system = await startSystem(settings);
    started.push(system);
  };
  beforeAll(async () => {
    place = await systemPlace();
    await start(place);
  }, 240_000);
  afterAll(async () => {
    for (const one of started) await one[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test('runs a chat; killed processes are restarted and nothing is lost', async () => {
    const { alice, chatId } = await aliceIn(system);
    const received: string[] = [];
    const stop = new AbortController();
    const listening = (async () => {
      for await (const event of alice.events({ signal: stop.signal }) as AsyncIterable<Event>)
        if (event.kind === 'message.created') received.push(event.message.content);
        else if (event.kind === 'ready') received.push('ready');
    })();
    await until(() => received.includes('ready'), 'live');

    const sent: string[] = [];
    const send = async (content: string) => {
      const clientId = crypto.randomUUID();
      await until(
        () => alice.message.send.mutate({ chatId, content, clientId }).catch(() => undefined),
        `sent: ${content}`,
      );
      sent.push(content);
      await until(() => received.includes(content), `received: ${content}`);
    };
    await send('before');
    for (const part of ['notify', 'worker', 'server', 'postgres'] as const) {
      const pid = await system.pidOf(part);
      process.kill(pid, 'SIGKILL');
      await send(`after ${part} was killed`);
      // Until it has been restarted, the pid is that of the killed process.
      const another = async () => (await system.pidOf(part).catch(() => pid)) !== pid;
      await until(another, `${part} runs again`);
    }
    expect(received.filter((line) => line !== 'ready')).toEqual(sent);
    // Mails are printed instead of sent: the link works like one from a mail.
    const link = () => /mail to alice@example\.com: (http\S+\/#\/verify\?token=\S+)/.exec(system.output())?.[1];
    const token = new URL((await until(link, 'the link is shown')).replace('#/', '')).searchParams.get('token') ?? '';
    // The server may still be opening connections to the restarted Postgres: "try again" is a correct response.
    const verified = async () => {
      await alice.auth.verifyEmail.mutate({ token }).catch(() => undefined);
      return (await alice.user.me.query().catch(() => undefined))?.emailVerifiedAt;
    };
    await until(verified, 'the address is verified');
    stop.abort();
    await listening;
  });

  test('a killed Postgres is restarted once its port is free again', async () => {
    const status = await readFile(join(place.dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8');
    const port = Number(status.split('\n')[3]);
    const postgres = await system.pidOf('postgres');
    // The launcher is frozen until the port is taken.
    system.launcher.kill('SIGSTOP');
    process.kill(postgres, 'SIGKILL');
    const other = createServer();
    await until(() => once(other.listen(port, '127.0.0.1'), 'listening'), 'the port is taken');
    system.launcher.kill('SIGCONT');
    await until(() => system.output().includes(`Port ${port} on 127.0.0.1 is taken`), 'the launcher reports it');
    other.close();
    await until(() => fetch(`${system.serverUrl}/readyz`).then(({ ok }) => ok), 'ready again');
    expect(await system.pidOf('postgres')).not.toBe(postgres);
  });

  test('data and keys are kept between starts, however the last one ended', async () => {
    expect((await stat(join(place.dataDir, 'keys'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(place.dataDir, 'keys', 'secret'))).mode & 0o777).toBe(0o600);
    system.launcher.kill('SIGKILL');
    await system[Symbol.asyncDispose]();
    // The libpq variables of an operator's shell must not affect the embedded database.
    const env = {
      PGSSLMODE: 'require',
      PGOPTIONS: '-c default_transaction_read_only=on -c nonsense=1',
      PGHOST: '203.0.113.1',
      PGPORT: '1',
      PGUSER: 'nobody',
      PGPASSWORD: 'wrong',
      PGDATABASE: 'nothing',
      PGDATA: '/nowhere',
      PGTZ: 'Asia/Kathmandu',
      PGCLIENTENCODING: 'LATIN1',
    };
    await start({ ...place, env });
    const alice = createFechatter(system);
    await alice.auth.signin.mutate(credentials);
    expect((await alice.chat.list.query({})).chats).toMatchObject([{ name: 'All' }]);
  });

  test('ends by Ctrl-C while a killed Postgres is restarted', async () => {
    process.kill(await system.pidOf('postgres'), 'SIGKILL');
    await until(() => system.output().includes('Postgres ended unexpectedly'), 'the end is noticed');
    expect(await system.interrupt()).toBe(0);
    await expect(system.pidOf('postgres')).rejects.toThrow('ENOENT');
  });
});

test('a start that fails while it sets the database up leaves no Postgres running', async () => {
  await using place = await systemPlace();
  // The path where a role's password would be stored.
  await mkdir(join(place.dataDir, 'keys', 'database-notify', 'in-the-way'), { recursive: true });
  const launcher = spawnLauncher(place);
  const [code] = (await once(launcher, 'close')) as [number];
  expect(code).toBe(1);
  const folder = join(place.dataDir, 'postgres', 'data');
  expect(await readdir(folder)).toContain('PG_VERSION');
  expect(await readdir(folder)).not.toContain('postmaster.pid');
});

test('a port in use is reported in one sentence, and nothing is left running', async () => {
  await using place = await systemPlace();
  const taken = createServer().listen(place.serverPort, '127.0.0.1');
  await once(taken, 'listening');
  const launcher = spawnLauncher(place);
  let output = '';
  launcher.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(launcher, 'close')) as [number];
  taken.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${place.serverPort} on 127.0.0.1 is in use`);
  expect(output.trim().split('\n')).toHaveLength(1);
});

test('every wrong setting is one line, before anything is started', async () => {
  await using place = await systemPlace();
  const env = {
    FECHATTER_LOG_LEVEL: 'loud',
    FECHATTER_NOTIFY_PORT: String(await freePort()),
    FECHATTER_SERVER_PROT: '1',
  };
  const launcher = spawnLauncher({ ...place, env });
  let output = '';
  launcher.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(launcher, 'close')) as [number];
  expect(code).toBe(1);
  expect(output).toContain('FECHATTER_LOG_LEVEL: "loud" given');
  expect(output).toContain('FECHATTER_SERVER_PROT: there is no such setting; did you mean FECHATTER_SERVER_PORT?');
});
