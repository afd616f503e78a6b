import { createFechatter, type FechatterClient } from '@fechatter/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TwoOfEach, twoOfEach } from './two-of-each.ts';
import { overRest, overTrpc, type WireResponse } from './two-wires.ts';
import { PASSWORD } from './world.ts';

// Real processes, which can only count together in the database.

let system: TwoOfEach;
beforeAll(async () => {
  system = await twoOfEach({ FECHATTER_SERVER_TRUSTED_PROXIES: '127.0.0.1', FECHATTER_LIMITS_SENDS_PER_MINUTE: '5' });
});
afterAll(() => system[Symbol.asyncDispose]());

const tokenOf = ({ client }: { readonly client: FechatterClient }) => client.session?.token;
const limitsIn = ({ headers }: WireResponse) =>
  ['limit', 'remaining', 'reset'].map((name) => Number(headers.get(`ratelimit-${name}`) ?? 'NaN'));
/** Records this many uses of a limit. */
const spend = (limit: string, used: number) =>
  system.database.query('update rate_limits set points = $2 where key like $1', [`${limit}:%`, used]);

test.each([
  ['invite', 'workspace.invite', 120],
  ['acceptInvite', 'workspace.acceptInvite', 60],
  ['passwordChange', 'auth.changePassword', 10],
  ['ticket', 'notification.ticket', 600],
] as const)('%s: two processes and both wires count together, each response has the rest', async (limit, path, max) => {
  const alice = await system.signUp(`alice-${limit}`);
  const token = tokenOf(alice);
  const { id: workspaceId } = await alice.client.workspace.create.mutate({ name: 'w' });
  const input = {
    'workspace.invite': { workspaceId, role: 'Member' },
    'workspace.acceptInvite': { token: 'made-up' },
    'auth.changePassword': { currentPassword: 'not hers', newPassword: 'a good password' },
    'notification.ticket': undefined,
  }[path];
  const one = await overTrpc(system.first, { path, input, token });
  const other = await overRest(system.second, { path, input, token });
  expect([limitsIn(one).slice(0, 2), limitsIn(other).slice(0, 2)]).toEqual([
    [max, max - 1],
    [max, max - 2],
  ]);
  await spend(limit, max);
  for (const [call, at] of [
    [overTrpc, system.second],
    [overRest, system.first],
    [overTrpc, system.first],
  ] as const) {
    const over = await call(at, { path, input, token });
    expect([over.status, over.reason, ...limitsIn(over).slice(0, 2)]).toEqual([429, 'rate_limited', max, 0]);
    const seconds = Number(over.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  }
  await system.database.query('update rate_limits set expire = 1 where key like $1', [`${limit}:%`]);
  const again = await overRest(system.second, { path, input, token });
  expect(limitsIn(again).slice(0, 2)).toEqual([max, max - 1]);
});

test('sends are counted over both servers, and the response over the limit says so', async () => {
  const bob = await system.signUp('bob');
  const { id: workspaceId } = await bob.client.workspace.create.mutate({ name: 'w' });
  const { id: chatId } = await bob.client.chat.create.mutate({
    name: 'c',
    chatType: 'Group',
    workspaceId,
    memberIds: [],
  });
  const call = { path: 'message.send', input: { chatId, content: 'hi' }, token: tokenOf(bob) };
  // A minute may end in between, which resets the count once.
  const responses: WireResponse[] = [];
  for (let n = 0; n < 12; n++) responses.push(await overRest(n % 2 === 0 ? system.first : system.second, call));
  const over = responses.find(({ status }) => status === 429);
  expect(over && [over.reason, ...limitsIn(over).slice(0, 2)]).toEqual(['rate_limited', 5, 0]);
  expect(Number(over?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(responses.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(10);
});

test('300 refreshes and 400 tickets at once from one office are not limited', async () => {
  const people = 30;
  const office = { 'x-forwarded-for': '203.0.113.9' };
  const signIns = Array.from({ length: people }, async (_, n) => {
    const input = { email: `worker-${n}@example.com`, password: PASSWORD, fullName: 'W' };
    // Sign-ups come from different addresses; only the reconnects come from the office's.
    const headers = { 'x-forwarded-for': `198.51.100.${n}` };
    const { result } = await overTrpc(system.first, { path: 'auth.signup', input, headers });
    return result as { token: string; refreshToken: string };
  });
  const sessions = await Promise.all(signIns);
  const backs = sessions.map(async (session, n) => {
    const here = n % 2 === 0 ? system.first : system.second;
    const statuses: number[] = [];
    let { refreshToken } = session;
    for (let times = 0; times < 10; times++) {
      const refreshed = await overTrpc(here, { path: 'auth.refresh', input: { refreshToken }, headers: office });
      statuses.push(refreshed.status);
      ({ refreshToken } = refreshed.result as { refreshToken: string });
    }
    return statuses;
  });
  const [one] = sessions;
  const tickets = Array.from({ length: 400 }, async (_, n) => {
    const at = n % 2 === 0 ? system.first : system.second;
    return (await overRest(at, { path: 'notification.ticket', token: one?.token, headers: office })).status;
  });
  expect(new Set((await Promise.all(backs)).flat())).toEqual(new Set([200]));
  expect(new Set(await Promise.all(tickets))).toEqual(new Set([201]));
});

test('two hundred streams of one session that reconnect at once are all accepted', async () => {
  const carol = createFechatter(system.first);
  await carol.auth.signup.mutate({ email: 'carol@example.com', password: PASSWORD, fullName: 'C' });
  const authorization = `Bearer ${carol.session?.token ?? ''}`;
  for (const { notifyUrl } of [system.first, system.second]) {
    const cut = new AbortController();
    const open = async () => {
      const response = await fetch(`${notifyUrl}/api/notifications/events`, {
        headers: { authorization },
        signal: cut.signal,
      });
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: 200 }, open));
    expect(new Set(statuses)).toEqual(new Set([200]));
    cut.abort();
  }
});
