import { createFechatter, type FechatterClient } from '@fechatter/client';
import { closeDeps, type Deps, openDeps, suspendUser } from '@fechatter/server';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { type TwoOfEach, twoOfEach } from './two-of-each.ts';
import { overTrpc } from './two-wires.ts';
import { PASSWORD } from './world.ts';

// A session that ends is refused everywhere: on the other server, and on streams of both notify processes. The time
// that it took is reported but not asserted, because it depends on the machine's load.

let system: TwoOfEach;
let operator: Deps;
beforeAll(async () => {
  system = await twoOfEach();
  const env = { FECHATTER_DATABASE_URL: system.database.url, FECHATTER_DATABASE_MIGRATE: 'false' };
  operator = await openDeps(testConfig('server', env), silentLog());
});
afterAll(async () => {
  await closeDeps(operator);
  await system[Symbol.asyncDispose]();
});

type Path = 'plain' | 'tRPC';
const pathOf = { plain: '/api/notifications/events', tRPC: '/trpc/notification.events' } as const;

/** A raw stream; `ended` is the time at which it ended, on the clock of `performance.now()`. */
async function streamOf(notifyUrl: string, path: Path, token: string) {
  const response = await fetch(`${notifyUrl}${pathOf[path]}`, { headers: { authorization: `Bearer ${token}` } });
  let text = '';
  const decoder = new TextDecoder();
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().then(
    () => performance.now(),
    () => performance.now(),
  );
  await until(() => text.includes('ready'), 'the stream is ready');
  return { ended, text: () => text };
}

const signIn = (client: FechatterClient, email: string) => client.auth.signin.mutate({ email, password: PASSWORD });

interface Case {
  readonly client: FechatterClient;
  readonly id: string;
  /** The session to be ended. */
  readonly sessionId: string;
  readonly token: string;
}
const cases: Readonly<Record<string, (about: Case) => Promise<unknown>>> = {
  'signing out': ({ token }) => overTrpc(system.first, { path: 'auth.signout', token }),
  'signing out everywhere': ({ client }) => client.auth.signoutAll.mutate(),
  'revoking a session': ({ client, sessionId }) => client.auth.revokeSession.mutate({ sessionId }),
  'erasing the account': ({ client }) => client.user.erase.mutate({ password: PASSWORD, confirmation: 'erase' }),
  'a changed password': ({ client }) =>
    client.auth.changePassword.mutate({ currentPassword: PASSWORD, newPassword: 'another good password' }),
  'a suspension': ({ id }) => suspendUser(operator, id),
};

test.each(Object.keys(cases))('%s is effective on both servers and on both notify processes', async (name) => {
  const { id, email, client } = await system.signUp(name.replaceAll(' ', '-'));
  const { token } = await signIn(createFechatter(system.second), email);
  const sessionId = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string };
  const streams = await Promise.all(
    [system.first, system.second].flatMap(({ notifyUrl }) =>
      (['plain', 'tRPC'] as const).map((path) => streamOf(notifyUrl, path, token)),
    ),
  );
  const me = (at: typeof system.first) => overTrpc(at, { path: 'user.me', token });
  expect([(await me(system.first)).reason, (await me(system.second)).reason]).toEqual(['ok', 'ok']);

  const startedAtMs = performance.now();
  await cases[name]?.({ client, id, sessionId: sessionId.sid, token });
  const tookMs = (atMs: number) => Math.round(atMs - startedAtMs);
  const doneMs = tookMs(performance.now());
  const refusedAt = async (at: typeof system.first) => {
    await until(async () => (await me(at)).reason === 'session_revoked', 'the token is refused');
    return tookMs(performance.now());
  };
  const [http1, http2, ...cuts] = await Promise.all([
    refusedAt(system.first),
    refusedAt(system.second),
    ...streams.map(async ({ ended }) => tookMs(await ended)),
  ]);
  console.log(
    `${name}: done in ${doneMs} ms; refused after ${http1} and ${http2} ms; streams cut after ${cuts.join(', ')} ms`,
  );
  for (const { text } of streams) expect(text()).toMatch(/session[._]revoked/);
  for (const at of [system.first, system.second]) {
    const ticket = await overTrpc(at, { path: 'notification.ticket', token });
    expect(ticket.reason).toBe('session_revoked');
    const plain = await fetch(`${at.notifyUrl}${pathOf.plain}`, { headers: { authorization: `Bearer ${token}` } });
    expect(plain.status).toBe(401);
  }
});

test('a sign-in that races a suspension or a changed password leaves no session, on whichever server it is', async () => {
  for (const ends of ['suspension', 'password'] as const) {
    const { id, email, client } = await system.signUp(`racer-${ends}`);
    const attempts = Array.from({ length: 8 }, (_, n) =>
      overTrpc(n % 2 === 0 ? system.first : system.second, {
        path: 'auth.signin',
        input: { email, password: PASSWORD },
      }),
    );
    const end =
      ends === 'suspension'
        ? Promise.any(attempts).then(() => suspendUser(operator, id))
        : client.auth.changePassword.mutate({ currentPassword: PASSWORD, newPassword: 'another good password' });
    const results = await Promise.all([...attempts, end.then(() => undefined)]);
    const alive = await system.database.query<{ count: number }>(
      'select count(*)::int as count from sessions where user_id = $1 and revoked_at is null',
      [id],
    );
    const signedIn = results.filter((result) => result?.reason === 'ok').length;
    console.log(`racing a ${ends}: ${signedIn} of ${attempts.length} sign-ins came before it`);
    expect(alive).toEqual([{ count: ends === 'suspension' ? 0 : 1 }]);
  }
});
