import { hashOfToken, newKeyText } from '@fechatter/service-kit';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { rawStream } from '../testing/raw-stream.ts';
import { testWorld } from '../testing/world.ts';

const PLAIN = '/api/notifications/events';
const world = await testWorld();
const notify = await world.notify();
afterAll(async () => {
  await notify.close();
  await world[Symbol.asyncDispose]();
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A bot in a chat, with a key that has these scopes. */
async function botIn(scopes: readonly string[]) {
  const [owner, bot] = [await world.person('owner'), await world.person('bot')];
  const workspaceId = await world.workspace(owner, bot);
  const chat = await world.chat(workspaceId, [owner, bot]);
  const sessionId = randomUUID();
  const key = newKeyText('fck', sessionId);
  await world.db.pool.query(`update users set kind = 'Bot', email = null where id = $1`, [bot.id]);
  await world.db.pool.query(
    `insert into sessions (id, user_id, expires_at) values ($1, $2, timestamptz '9999-12-31 00:00:00+00')`,
    [sessionId, bot.id],
  );
  await world.db.pool.query(
    `insert into bots (user_id, workspace_id, created_by, scopes, session_id, token_hash) values ($1, $2, $3, $4, $5, $6)`,
    [bot.id, workspaceId, owner.id, scopes, sessionId, hashOfToken(key)],
  );
  return { owner, bot: { ...bot, sessionId }, chat, key };
}

test('a bot with the scope follows events, and hears nothing once its key has ended', async () => {
  const { owner, bot, chat, key } = await botIn(['read']);
  using stream = rawStream(notify.url, PLAIN, bearer(key));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  const heard = await world.send(chat, owner, 'for bots too');
  await stream.until((frames) => frames.find(({ data }) => data.includes(heard)));
  await world.revoke(bot);
  await stream.ended;
  const late = await world.send(chat, owner, 'not for bots');
  using again = rawStream(notify.url, PLAIN, bearer(key));
  expect(await again.status()).toBe(401);
  expect(stream.body()).not.toContain(late);
});

test('a bot that was removed from its workspace hears nothing of it, also while its stream stays open', async () => {
  const { owner, bot, chat, key } = await botIn(['read']);
  using stream = rawStream(notify.url, PLAIN, bearer(key));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  await world.leaveWorkspace(chat.workspaceId, bot);
  const late = await world.send(chat, owner, 'after it left');
  // What is about it alone still comes, behind what was sent before.
  await world.revoke(bot);
  await stream.ended;
  expect(stream.body()).not.toContain(late);
});

test('a key without the scope opens no stream, and none opens a ticket', async () => {
  const { key } = await botIn(['message.send']);
  using stream = rawStream(notify.url, PLAIN, bearer(key));
  expect(await stream.status()).toBe(403);
  const listed = await fetch(`${notify.url}/api/notifications/list`, { headers: bearer(key) });
  expect(await listed.json()).toMatchObject({ error: { reason: 'scope_missing' } });
  const { key: reader } = await botIn(['read']);
  const page = await fetch(`${notify.url}/api/notifications/list`, { headers: bearer(reader) });
  expect(page.status).toBe(200);
  const ticket = await fetch(`${notify.url}/api/notifications/tickets`, { method: 'POST', headers: bearer(reader) });
  expect(await ticket.json()).toMatchObject({ error: { reason: 'scope_missing' } });
});

test('a stream needs the scopes of all that it shows', async () => {
  const all = ['workspace.read', 'chat.read', 'message.readers'] as const;
  for (const missing of all) {
    const { key } = await botIn(all.filter((scope) => scope !== missing));
    using stream = rawStream(notify.url, PLAIN, bearer(key));
    expect(await stream.status()).toBe(403);
    const listed = await fetch(`${notify.url}/api/notifications/list`, { headers: bearer(key) });
    expect(await listed.json()).toMatchObject({ error: { reason: 'scope_missing' } });
  }
  const { key } = await botIn(all);
  using stream = rawStream(notify.url, PLAIN, bearer(key));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
});

test('narrower scopes end the open stream of a key, and wider ones do not', async () => {
  const { owner, bot, chat, key } = await botIn(['read']);
  const rescope = (scopes: readonly string[]) =>
    world.db.pool.query('update bots set scopes = $2 where user_id = $1', [bot.id, scopes]);
  using stream = rawStream(notify.url, PLAIN, bearer(key));
  await stream.until((frames) => frames.find(({ event }) => event === 'ready'));
  await rescope(['read', 'write']);
  const heard = await world.send(chat, owner, 'still allowed');
  await stream.until((frames) => frames.find(({ data }) => data.includes(heard)));
  await rescope(['write']);
  await stream.ended;
  const late = await world.send(chat, owner, 'not allowed any more');
  expect(stream.body()).not.toContain(late);
  // Its look-up is still remembered, with the scopes before.
  using again = rawStream(notify.url, PLAIN, bearer(key));
  expect(await again.status()).toBe(403);
});
