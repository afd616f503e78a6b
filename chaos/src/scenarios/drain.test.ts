import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { chanceOf } from '@fechatter/testing/chance';
import { until } from '@fechatter/testing/until';
import { startSystem, type Instance } from '../system/system.ts';
import { signUp } from '../writers/people.ts';

const SOON_MS = 90_000;
const system = await startSystem({
  instances: { servers: 1, notifies: 1 },
  durable: false,
  settings: { FECHATTER_HTTP_DRAIN_GRACE_MS: '1000', FECHATTER_HTTP_DRAIN_MS: '500' },
});
afterAll(() => system[Symbol.asyncDispose]());
const [server, notify] = [system.servers[0], system.notifies[0]];
if (server === undefined || notify === undefined) throw new Error('one of each');
const alice = await signUp(system, chanceOf(1), 'alice');
const { id: workspaceId } = await alice.client.workspace.create.mutate({ name: 'home' });

/** Holds the lock that renaming the workspace waits for. */
async function holdWorkspace() {
  const holder = await system.store.connect();
  await holder.query('begin');
  await holder.query('select from workspace_heads where workspace_id = $1 for update', [workspaceId]);
  return async () => {
    await holder.query('rollback');
    await holder.end();
  };
}

const isWaitedFor = async () =>
  (await system.store.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)).length > 0;
const logsThatItStops = async ({ service }: Instance) => {
  const response = await fetch(`http://127.0.0.1:${service.port}/readyz`);
  return response.status === 503 && (await response.text()).includes('draining');
};

test('a server that is asked to stop logs it, finishes its requests and exits', async () => {
  const release = await holdWorkspace();
  const starts = server.service.starts();
  const renamed = alice.client.workspace.update.mutate({ workspaceId, name: 'renamed' });
  await until(isWaitedFor, () => 'the renaming waits', SOON_MS);
  server.service.signal('SIGTERM');
  await until(
    () => logsThatItStops(server),
    () => 'it is not ready any more',
    SOON_MS,
  );
  await release();
  expect(await renamed).toMatchObject({ name: 'renamed' });
  await until(
    () => server.service.starts() > starts,
    () => 'it has gone',
    SOON_MS,
  );
  const log = await system.logOf(server);
  expect(log).toContain('"msg":"stopped"');
  expect(log).not.toContain('cutting requests that take too long');
});

test('a request that does not end has a deadline', async () => {
  await until(
    () => server.service.isReady(),
    () => 'it is there again',
    SOON_MS,
  );
  const release = await holdWorkspace();
  const starts = server.service.starts();
  const renamed = alice.client.workspace.update.mutate({ workspaceId, name: 'never' });
  renamed.catch(() => {});
  await until(isWaitedFor, () => 'the renaming waits', SOON_MS);
  server.service.signal('SIGTERM');
  await until(
    () => server.service.starts() > starts,
    () => 'it has gone, whatever waits',
    SOON_MS,
  );
  expect((await isWaitedFor()) || (await system.logOf(server)).includes('cutting requests that take too long')).toBe(
    true,
  );
  await expect(renamed).rejects.toThrow();
  await release();
});

test('a stopping service cuts its streams and never ends them with a return frame', async () => {
  const authorization = `Bearer ${alice.client.session?.token}`;
  const request = get(`http://127.0.0.1:${notify.service.port}/trpc/notification.events`, {
    headers: { authorization },
  });
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  await once(response, 'data');
  const rest = text(response).catch(() => 'cut');
  notify.service.signal('SIGTERM');
  await until(
    () => logsThatItStops(notify),
    () => 'it is not ready any more',
    SOON_MS,
  );
  expect(await rest).not.toContain('event: return');
  expect(await system.logOf(notify)).not.toContain('cutting streams takes too long');
});
