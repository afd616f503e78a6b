import { type RestCaller, restCaller } from '@fechatter/rest/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, type TestServer, testServer } from '../testing/index.ts';
import { type Fields, fields, group, instant, reasonOf, signUp, uuid } from './rest-world.ts';

let app: TestServer;
let call: RestCaller;
beforeAll(async () => {
  app = await testServer();
  call = await restCaller(app.url);
});
afterAll(() => app[Symbol.asyncDispose]());

const text: unknown = expect.any(String);

describe('chats', () => {
  test('are created, listed, renamed and deleted', async () => {
    const { owner, member, workspace_id, chat_id } = await group(call, 'anna', 'bert');
    const listed = await call('GET /api/chats?limit=1', { token: member.token });
    expect(listed.body).toMatchObject({
      chats: [
        {
          id: chat_id,
          name: 'weavers',
          chat_type: 'Group',
          workspace_id,
          role: 'Member',
          last_message: null,
          unread_count: 0,
        },
      ],
      next_cursor: null,
      event_cursor: text,
    });
    const renamed = await call(`PUT /api/chats/${chat_id}`, { token: owner.token, body: { name: 'spinners' } });
    expect(renamed.body).toMatchObject({ id: chat_id, name: 'spinners', updated_at: instant });
    expect(reasonOf(await call(`DELETE /api/chats/${chat_id}`, { token: member.token }))).toBe('role_too_low');
    const gone = await call(`DELETE /api/chats/${chat_id}`, { token: owner.token });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    expect(reasonOf(await call(`GET /api/chats/${chat_id}`, { token: owner.token }))).toBe('chat_not_found');
  });

  test('have members that are added, promoted and removed', async () => {
    const { owner, member, workspace_id, chat_id } = await group(call, 'carl', 'dora');
    const as = { token: owner.token };
    const place = `/api/chats/${chat_id}` as const;
    expect((await call(`DELETE ${place}/members/${member.id}`, as)).status).toBe(204);
    const added = await call(`POST ${place}/members`, { ...as, body: { user_ids: [member.id] } });
    expect([added.status, JSON.stringify(added.body)]).toEqual([200, expect.stringContaining(member.id ?? '-')]);
    const raised = await call(`PATCH ${place}/members/${member.id}`, { ...as, body: { role: 'Admin' } });
    expect(raised.body).toMatchObject({ user: { id: member.id, avatar_url: null }, role: 'Admin', joined_at: instant });
    const { members } = (await call(`GET ${place}/members`, as)).body as { members: unknown[] };
    expect(members).toHaveLength(2);
    expect((await call(`POST ${place}/leave`, { token: member.token })).status).toBe(204);
    const channel = { name: 'open', chat_type: 'PublicChannel', workspace_id, member_ids: [] };
    const { id } = fields(await call('POST /api/chats', { ...as, body: channel }));
    const { channels } = (await call(`GET /api/workspaces/${workspace_id}/channels?query=op`, { token: member.token }))
      .body as { channels: Fields[] };
    expect(channels).toMatchObject([{ id, name: 'open', member_count: 1, joined: false }]);
    expect((await call(`POST /api/chats/${id}/join`, { token: member.token })).body).toMatchObject({ role: 'Member' });
  });
});

describe('messages', () => {
  test('are sent, listed, edited, read and deleted', async () => {
    const { owner, member, chat_id } = await group(call, 'emil', 'fern');
    const as = { token: owner.token };
    const place = `/api/chats/${chat_id}/messages` as const;
    const client_id = '0198f0e2-7c1a-7000-8000-00000000000a';
    const sent = await call(`POST ${place}`, { ...as, body: { content: 'hello_World helloWorld', client_id } });
    expect(sent.status).toBe(201);
    expect(sent.headers.get('ratelimit-limit')).toBe('1200');
    const message = {
      id: uuid,
      chat_id,
      seq: expect.any(Number),
      number: 1,
      version: expect.any(Number),
      client_id,
      content: 'hello_World helloWorld',
      created_at: instant,
      edited_at: null,
      deleted_at: null,
      sender: { id: owner.id, kind: 'Person', name: 'emil', avatar_url: null },
    };
    expect(sent.body).toEqual(message);
    const again = await call(`POST ${place}`, { ...as, body: { content: 'hello_World helloWorld', client_id } });
    expect([again.status, again.body]).toEqual([201, sent.body]);
    const listed = await call(`GET ${place}?limit=7`, { token: member.token });
    expect(listed.body).toEqual({ messages: [sent.body], has_more: false });
    const { id, seq } = fields(sent);
    const read = await call(`POST /api/chats/${chat_id}/read`, { token: member.token, body: { seq } });
    expect(read.body).toMatchObject({ unread_count: 0, last_read_seq: seq, last_read_number: 1, mark_version: 1 });
    expect((await call(`PATCH ${place}/${id}`, { ...as, body: { content: 'bye' } })).body).toMatchObject({
      content: 'bye',
      edited_at: instant,
    });
    expect((await call(`DELETE ${place}/${id}`, as)).status).toBe(204);
    expect((await call(`GET ${place}?after=${id}`, as)).body).toEqual({ messages: [], has_more: false });
  });

  test('are refused with the procedure’s reasons', async () => {
    const { owner, chat_id } = await group(call, 'gina', 'hugo');
    const stranger = await signUp(call, 'ivan');
    const place = `/api/chats/${chat_id}/messages` as const;
    const id = '0198f0e2-7c1a-7000-8000-00000000000a';
    const refused = async (target: `${string} /${string}`, token: string, body?: unknown) => {
      const response = await call(target, { token, ...(body !== undefined && { body }) });
      return [response.status, reasonOf(response)];
    };
    expect(await refused(`POST ${place}`, stranger.token, { content: 'x' })).toEqual([404, 'chat_not_found']);
    expect(await refused(`POST ${place}`, owner.token, { content: ' ' })).toEqual([400, 'invalid_input']);
    expect(await refused(`POST ${place}`, owner.token, '{')).toEqual([400, 'invalid_json']);
    expect(await refused(`GET ${place}?before=${id}&after=${id}`, owner.token)).toEqual([400, 'before_and_after']);
    expect(await refused(`GET ${place}?limit=101`, owner.token)).toEqual([400, 'invalid_input']);
    expect(await refused(`PUT ${place}`, owner.token, {})).toEqual([405, 'method_not_allowed']);
  });
});

test('a call over REST leaves tRPC’s validation as strict as it was', async () => {
  const { alice, chat } = await app.chatOf('alice', 'bob');
  const { token } = alice.session;
  expect((await call(`GET /api/chats/${chat.id}/messages?limit=7`, { token })).status).toBe(200);
  const wrong = { chatId: chat.id, limit: '7' as unknown as number };
  expect(await refusal(alice.trpc.message.list.query(wrong))).toMatchObject({ reason: 'invalid_input' });
  expect((await alice.trpc.message.list.query({ chatId: chat.id, limit: 7 })).messages).toEqual([]);
});

test('a limited procedure returns over REST when to retry', async () => {
  await using limited = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '1' });
  const { alice, chat } = await limited.chatOf('alice', 'bob');
  const callLimited = await restCaller(limited.url);
  const send = () =>
    callLimited(`POST /api/chats/${chat.id}/messages`, { token: alice.session.token, body: { content: 'x' } });
  expect((await send()).headers.get('ratelimit-remaining')).toBe('0');
  const { status, headers } = await send();
  expect(status).toBe(429);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('ratelimit-limit')).toBe('1');
  expect(headers.get('ratelimit-reset')).not.toBeNull();
});
