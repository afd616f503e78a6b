import { createFechatter, type Event } from '@fechatter/client';
import { encodeCursor } from '@fechatter/contract';
import { afterAll, describe, expect, test } from 'vitest';
import { world } from './world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const alice = await scene.signUp('alice');
const workspaceId = await scene.workspaceOf(alice);
const group = { name: 'Group', chatType: 'Group' as const, workspaceId, memberIds: [] };
const { id: chatId } = await alice.client.chat.create.mutate(group);
const authorization = `Bearer ${alice.client.session?.token ?? ''}`;
const json = { 'content-type': 'application/json', authorization };

const post = (path: string, body: string, headers: Record<string, string> = json) =>
  fetch(`${scene.serverUrl}/trpc/${path}`, { method: 'POST', body, headers });
const send = (content: unknown) => post('message.send', JSON.stringify({ json: { chatId, content } }));

async function reasonIn(response: Response): Promise<string | undefined> {
  const text = await response.text();
  expect(text).not.toMatch(/\bat .*\.(ts|js):\d+/);
  const body = JSON.parse(text) as { error?: { json?: { data?: { reason?: string } } } };
  return body.error?.json?.data?.reason;
}

describe('a malformed request gets its typed error', () => {
  test.each([
    ['wrong JSON', () => post('message.send', '{"json":'), 400, 'invalid_json'],
    ['a wrong type', () => send(7), 400, 'invalid_input'],
    ['nothing', () => post('message.send', JSON.stringify({ json: {} })), 400, 'invalid_input'],
    ['a NUL byte', () => send('a\u0000b'), 400, 'invalid_input'],
    ['a lone surrogate', () => send('a\uD800b'), 400, 'invalid_input'],
    ['8,001 characters', () => send('x'.repeat(8_001)), 400, 'invalid_input'],
    ['10 MB', () => send('x'.repeat(10_000_000)), 413, 'body_too_large'],
    [
      'an id that nothing has',
      () => post('chat.delete', JSON.stringify({ json: { chatId: workspaceId } })),
      404,
      'chat_not_found',
    ],
    [
      'an id that is none',
      () => post('chat.delete', JSON.stringify({ json: { chatId: "' or 1=1" } })),
      400,
      'invalid_input',
    ],
    [
      'another content type',
      () => post('message.send', 'content=hi', { ...json, 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
    ],
    ['no such procedure', () => post('message.shout', '{}'), 404, 'route_not_found'],
    ['no token', () => post('message.send', '{}', { 'content-type': 'application/json' }), 401, 'not_signed_in'],
    [
      'a token of no session',
      () => post('message.send', '{}', { ...json, authorization: 'Bearer a.b.c' }),
      401,
      'token_invalid',
    ],
    [
      'thirty bytes that encode a billion numbers, from any caller',
      () =>
        post('auth.signin', '{"json":{"length":1e9},"meta":{"values":[["typed-array","Float64Array"]]}}', {
          'content-type': 'application/json',
        }),
      400,
      'invalid_input',
    ],
    [
      'a prototype',
      () =>
        post(
          'chat.create',
          '{"json":{"__proto__":{"name":"x"},"constructor":{}},"meta":{"values":{"__proto__.name":["Date"]}}}',
        ),
      400,
      undefined,
    ],
  ] as const)('%s', async (_, request, status, reason) => {
    const response = await request();
    expect(response.status).toBe(status);
    const given = await reasonIn(response);
    if (reason !== undefined) expect(given).toBe(reason);
  });

  test('and nothing was written', async () => {
    expect((await alice.client.message.list.query({ chatId })).messages).toEqual([]);
    expect(await scene.database.query('select 1 from event_log where code = 1')).toEqual([]);
  });
});

test('a cursor that is garbage, or of another database, gets a reset, not an error', async () => {
  for (const since of ['garbage', encodeCursor({ pos: 1, nonce: 1 }), encodeCursor({ pos: 2 ** 40, nonce: 1 })]) {
    await using listener = await alice.listen(since);
    expect(listener.events).toMatchObject([
      { kind: 'reset', reason: 'cursor_unknown' },
      { kind: 'ready', resumed: false },
    ]);
  }
});

test('fifty sign-ups with one address at once make one account', async () => {
  const person = { email: 'One@Example.com', password: 'a good password', fullName: 'One' };
  const attempts = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) =>
      createFechatter(scene).auth.signup.mutate({
        ...person,
        email: i % 2 === 0 ? person.email : person.email.toLowerCase(),
      }),
    ),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const reasons = new Set(
    attempts.map((attempt) =>
      attempt.status === 'rejected' ? (attempt.reason as { data?: { reason?: string } }).data?.reason : 'made',
    ),
  );
  expect([...reasons].sort((a, b) => String(a).localeCompare(String(b)))).toEqual(['email_taken', 'made']);
});

test('two people who create their Single chat at once get the same one', async () => {
  const [bob, carol] = [await scene.signUp('bob'), await scene.signUp('carol')];
  const shared = await scene.workspaceOf(bob, carol);
  const open = (from: typeof bob, to: typeof bob) =>
    from.client.chat.create.mutate({ name: 'x', chatType: 'Single', workspaceId: shared, memberIds: [to.id] });
  const chats = await Promise.all([open(bob, carol), open(carol, bob), open(bob, carol), open(carol, bob)]);
  expect(new Set(chats.map(({ id }) => id)).size).toBe(1);
  expect(chats.map(({ name }) => name)).toEqual(['carol', 'bob', 'carol', 'bob']);
});

test('an event stream without a valid token ends with its reason', async () => {
  const events = createFechatter(scene).events() as AsyncIterable<Event>;
  const first = events[Symbol.asyncIterator]().next();
  await expect(first).rejects.toMatchObject({ data: { reason: 'not_signed_in' } });
});
