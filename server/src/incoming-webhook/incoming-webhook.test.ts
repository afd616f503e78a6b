import { until } from '@fechatter/testing/until';
import { collectedLog, testConfig } from '@fechatter/service-kit/testing';
import { accessOf } from '@fechatter/drizzle/testing';
import { afterAll, expect, test } from 'vitest';
import { startServer } from '../start-server.ts';
import { refusal, testServer } from '../testing/index.ts';
import { endLeftWebhooks } from './end-left-webhooks.ts';
import { contentOfPayload } from './slack-payload.ts';
import { contentOfSlack } from './slack-text.ts';

const app = await testServer({ FECHATTER_LIMITS_HEAVY_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const { alice, bob, chat, workspace } = await app.chatOf('alice', 'bob');
const chatId = chat.id;

async function hookIn(id = chatId, person = alice) {
  const { incomingWebhook, url } = await person.trpc.incomingWebhook.create.mutate({ chatId: id, name: 'Deploys' });
  const { pathname } = new URL(url);
  expect(url).toMatch(/^http:\/\/.*\/hooks\/[0-9a-f-]{36}\/[\w-]{43}$/);
  return { ...incomingWebhook, at: `${app.url}${pathname}`, secret: pathname.split('/').at(-1) ?? '' };
}
async function post(at: string, body: RequestInit['body'], headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(at, { method: 'POST', body, headers });
  return `${response.status} ${await response.text()}`;
}
const json = (value: unknown) => JSON.stringify(value);
const newest = async (id = chatId) => (await bob.trpc.message.list.query({ chatId: id, limit: 1 })).messages[0];

test('a program posts as Slack takes it, as a bot of its own', async () => {
  const hook = await hookIn();
  const payload = {
    channel: '#other',
    username: 'root',
    icon_url: 'https://x.y/z.png',
    text: 'Release <https://example.com/r/7?a=1&amp;b=2|7> of &lt;main&gt; is out',
    attachments: [
      {
        pretext: 'Changes',
        title: 'Build',
        title_link: 'https://ci.example.com',
        text: 'green',
        fields: [{ title: 'Time', value: 3 }],
      },
      { fallback: 'only this' },
    ],
  };
  expect(await post(hook.at, json(payload), { 'content-type': 'application/json' })).toBe('200 ok');
  const content =
    'Release 7 (https://example.com/r/7?a=1&b=2) of <main> is out\nChanges\nBuild (https://ci.example.com)\ngreen\nTime: 3\nonly this';
  expect(await newest()).toMatchObject({ content, sender: { id: hook.userId, kind: 'Bot', name: 'Deploys' } });
  expect(await post(hook.at, new URLSearchParams({ payload: json({ text: 'a form ü' }) }))).toBe('200 ok');
  expect(await newest()).toMatchObject({ content: 'a form ü' });
  const { incomingWebhooks } = await alice.trpc.incomingWebhook.list.query({ chatId });
  expect(incomingWebhooks).toMatchObject([{ id: hook.id, name: 'Deploys', chatId, createdBy: alice.id }]);
  const stored = json(await app.database.query(`select i.*, encode(secret_hash, 'escape') from incoming_webhooks i`));
  expect(stored).not.toContain(hook.secret);
});

test('a repeat with the same Idempotency-Key is the same message', async () => {
  const hook = await hookIn();
  const again = { 'idempotency-key': 'build 7' };
  expect(await post(hook.at, json({ text: 'once' }), again)).toBe('200 ok');
  const first = await newest();
  expect(await post(hook.at, json({ text: 'once' }), again)).toBe('200 ok');
  expect(await newest()).toEqual(first);
  expect(await post(hook.at, json({ text: 'other' }), again)).toBe('400 invalid_payload');
});

test('hostile bodies are refused in Slack’s words', async () => {
  const hook = await hookIn();
  const ofJson = { 'content-type': 'application/json' };
  for (const [body, expected] of [
    ['', '400 invalid_payload'],
    ['nonsense', '400 invalid_payload'],
    ['[]', '400 invalid_payload'],
    ['null', '400 invalid_payload'],
    ['{"text": {"a": 1}}', '400 invalid_payload'],
    ['{"attachments": {}}', '400 invalid_payload'],
    ['{"text": "a\\u0000b"}', '400 invalid_payload'],
    ['{"text": "\\ud800"}', '400 invalid_payload'],
    ['{}', '400 no_text'],
    ['{"text": " "}', '400 no_text'],
    ['{"blocks": [{"type": "section"}]}', '400 no_text'],
    [json({ text: 'x'.repeat(8_001) }), '400 msg_too_long'],
    ['['.repeat(60_000) + ']'.repeat(60_000), '400 invalid_payload'],
    [`{"text": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, '400 invalid_payload'],
    [json({ attachments: Array.from({ length: 101 }, () => ({ text: 'x' })) }), '400 invalid_payload'],
    [Buffer.from([...Buffer.from('{"text": "'), 0xff, 0xfe, ...Buffer.from('"}')]), '400 invalid_payload'],
    [Buffer.alloc(10_485_760, 0x20), '400 invalid_payload'],
  ] as const)
    expect(await post(hook.at, body, ofJson)).toBe(expected);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(await post(hook.at, 'payload=%7B%22text%22%3A%22%ff%22%7D', form)).toBe('400 invalid_payload');
  expect(await post(hook.at, 'other=1', form)).toBe('400 invalid_payload');
});

test('a wrong secret, another webhook’s, and none are all the same', async () => {
  const [hook, other] = [await hookIn(), await hookIn()];
  const said = [];
  for (const path of [
    `${hook.id}/${other.secret}`,
    `${hook.id}/${'x'.repeat(43)}`,
    `${hook.id}/x`,
    `${chatId}/${hook.secret}`,
    `nonsense/${hook.secret}`,
    `${hook.id}/${hook.secret}x`,
  ])
    said.push(await post(`${app.url}/hooks/${path}`, json({ text: 'x' })));
  expect(new Set(said)).toEqual(new Set(['404 no_service']));
});

test('30 messages can come at once, and then one a second', async () => {
  const [hook, other] = [await hookIn(), await hookIn()];
  const said = await Promise.all(Array.from({ length: 90 }, () => post(hook.at, '{}')));
  expect(said.filter((one) => one === '400 no_text').length).toBeGreaterThanOrEqual(30);
  expect(said).toContain('429 rate_limited');
  expect(await post(other.at, '{}')).toBe('400 no_text');
});

test('only Admins and Owners of a group manage them, and outsiders cannot tell whether there is one', async () => {
  const hook = await hookIn();
  const stranger = await app.signUp('stranger');
  const ref = { webhookId: hook.id };
  expect(await refusal(bob.trpc.incomingWebhook.create.mutate({ chatId, name: 'x' }))).toMatchObject({
    reason: 'role_too_low',
  });
  expect(await refusal(bob.trpc.incomingWebhook.list.query({ chatId }))).toMatchObject({ reason: 'role_too_low' });
  expect(await refusal(bob.trpc.incomingWebhook.delete.mutate(ref))).toMatchObject({ reason: 'role_too_low' });
  expect(await refusal(stranger.trpc.incomingWebhook.delete.mutate(ref))).toMatchObject({
    reason: 'webhook_not_found',
  });
  await alice.trpc.incomingWebhook.delete.mutate(ref);
  expect(await post(hook.at, json({ text: 'x' }))).toBe('404 no_service');
  expect(await refusal(alice.trpc.incomingWebhook.delete.mutate(ref))).toMatchObject({ reason: 'webhook_not_found' });
  const { members } = await alice.trpc.workspace.members.query({ workspaceId: workspace.id });
  expect(members.map(({ user }) => user.id)).not.toContain(hook.userId);
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId: workspace.id });
  const own = entries.filter(({ details }) => details.webhookId === hook.id);
  expect(own.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['incomingWebhook.deleted', alice.id],
    ['incomingWebhook.created', alice.id],
  ]);
});

test('it ends with its place in the chat, with the chat, and with its maker', async () => {
  const carol = await app.signUp('carol');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Admin' });
  await carol.trpc.workspace.acceptInvite.mutate({ token });
  const group = async (person: typeof alice) =>
    (
      await person.trpc.chat.create.mutate({
        name: 'g',
        chatType: 'Group',
        workspaceId: workspace.id,
        memberIds: [bob.id],
      })
    ).id;
  const dave = await app.signUp('dave');
  const invite = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Admin' });
  await dave.trpc.workspace.acceptInvite.mutate({ token: invite.token });
  const [removed, deleted, left, leftChat] = [
    await hookIn(await group(alice)),
    await hookIn(await group(alice)),
    await hookIn(await group(carol), carol),
    await hookIn(await group(dave), dave),
  ];
  await alice.trpc.chat.removeMember.mutate({ chatId: removed.chatId, userId: removed.userId });
  await alice.trpc.chat.delete.mutate({ chatId: deleted.chatId });
  await carol.trpc.workspace.leave.mutate({ workspaceId: workspace.id });
  await dave.trpc.chat.setRole.mutate({ chatId: leftChat.chatId, userId: bob.id, role: 'Owner' });
  await dave.trpc.chat.leave.mutate({ chatId: leftChat.chatId });
  const stays = await hookIn();
  for (const { at } of [removed, deleted, left, leftChat])
    expect(await post(at, json({ text: 'x' }))).toBe('404 no_service');
  await endLeftWebhooks(app.deps, new AbortController().signal);
  const { members } = await alice.trpc.workspace.members.query({ workspaceId: workspace.id });
  const ids = members.map(({ user }) => user.id);
  for (const { userId } of [removed, deleted, left, leftChat]) expect(ids).not.toContain(userId);
  expect(ids).toContain(stays.userId);
  expect(await post(stays.at, json({ text: 'still here' }))).toBe('200 ok');
});

test('it does not work while its maker is suspended', async () => {
  const hook = await hookIn();
  for (const [status, said] of [
    ['Suspended', '404 no_service'],
    ['Active', '200 ok'],
  ] as const) {
    await app.database.query('update users set status = $1 where id = $2', [status, alice.id]);
    expect(await post(hook.at, json({ text: 'x' }))).toBe(said);
  }
});

test('an archived chat, and one in which only Admins post, say so', async () => {
  const id = (
    await alice.trpc.chat.create.mutate({
      name: 'g',
      chatType: 'Group',
      workspaceId: workspace.id,
      memberIds: [bob.id],
    })
  ).id;
  const hook = await hookIn(id);
  await alice.trpc.chat.update.mutate({ chatId: id, whoPosts: 'Admins' });
  expect(await post(hook.at, json({ text: 'x' }))).toBe('400 action_prohibited');
  await alice.trpc.chat.archive.mutate({ chatId: id });
  expect(await post(hook.at, json({ text: 'x' }))).toBe('400 channel_is_archived');
  expect(await refusal(alice.trpc.incomingWebhook.create.mutate({ chatId: id, name: 'x' }))).toMatchObject({
    reason: 'chat_archived',
  });
});

test('the log has no secret of an address', async () => {
  const hook = await hookIn();
  const { log, lines } = collectedLog();
  const settings = {
    FECHATTER_DATABASE_URL: accessOf(app.database, 'server').url,
    FECHATTER_DATABASE_MIGRATE: 'false',
    FECHATTER_LOG_LEVEL: 'trace',
  };
  const server = await startServer(testConfig('server', settings), { log });
  try {
    const at = `${server.url}${new URL(hook.at).pathname}`;
    await post(at, json({ text: 'logged' }));
    await post(at, 'nonsense');
    await fetch(at);
    await post(`${at}?x=1`, '{}');
    await until(() => lines.some((line) => JSON.stringify(line).includes('/hooks/')), 'requests are logged');
    expect(JSON.stringify(lines)).not.toContain(hook.secret);
  } finally {
    await server.close();
  }
});

const id = '0193b5a0-0000-7000-8000-000000000001';
test.each([
  ['<https://a.b|label>', 'label (https://a.b)'],
  ['<https://a.b>', 'https://a.b'],
  ['<https://a.b|https://a.b>', 'https://a.b'],
  ['<mailto:a@b.c|a@b.c>', 'a@b.c'],
  ['<!channel> <!here> <!everyone>', '<!everyone> <!everyone> <!everyone>'],
  [`<@${id}>`, `<@${id}>`],
  [`&lt;@${id}&gt; &lt;!everyone&gt;`, `<\u2060@${id}> <\u2060!everyone>`],
  ['<#C123|general> <!subteam^S1|ops> <@U123>', 'general ops <\u2060@U123>'],
  ['a < b > c &amp;lt; &amp;amp;', 'a < b > c &lt; &amp;'],
  [`<https://a.b|&lt;!everyone&gt;>`, '<\u2060!everyone> (https://a.b)'],
  [`<#C|&lt;>@${id}&gt; &lt;<#C|!everyone>&gt;`, `<\u2060@${id}> <\u2060!everyone>`],
  ['<'.repeat(5), `${'<'.repeat(5)}\u2060`],
])('%s becomes %s', (text, content) => {
  expect(contentOfSlack(text)).toBe(content);
});

test('text that would be slow to read by a careless pattern is read at once', () => {
  for (const part of ['<', '<a|', '<!', '&lt;', '<<|>'])
    expect(contentOfPayload({ text: part.repeat(30_000) })).toMatchObject({ problem: 'msg_too_long' });
});
