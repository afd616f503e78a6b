import { refusal } from '@fechatter/server/testing';
import { createGuardedRequest } from '@fechatter/service-kit';
import { dnsServer, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, expect, test } from 'vitest';
import { letterOf } from '../mail/letter.ts';
import { claimMails } from '../mail/mail-jobs.ts';
import { hookReceiver } from '../testing/hook-receiver.ts';
import { webhookStage } from '../testing/webhook-stage.ts';

const stage = await webhookStage();
afterAll(() => stage[Symbol.asyncDispose]());
afterEach(() => stage.clear());
const { app, deps, alice, chatId, workspaceId, consume, startSending, botIn, hookOf, say, deliveriesOf, dueNow } =
  stage;

test('a name that leads elsewhere at the next attempt is not followed into the operator’s network', async () => {
  await using receiver = await hookReceiver();
  const dns = await dnsServer([['127.0.0.1'], ['10.9.9.9'], ['127.0.0.1', '10.9.9.9'], ['127.0.0.1']]);
  const request = createGuardedRequest({ outbound: { allow: ['127.0.0.1'] } }, { lookUp: dns.lookUp });
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, `http://rebind.test:${new URL(receiver.url).port}/hook`);
  startSending({ request });
  const results: unknown[] = [];
  for (let n = 1; n <= 4; n++) {
    await alice.trpc.webhook.test.mutate({ webhookId: webhook.id });
    const attempted = async () => {
      const deliveries = await deliveriesOf(webhook.id);
      return deliveries.length === n && deliveries.every(({ attempts }) => attempts === 1) ? deliveries[0] : undefined;
    };
    const { state, failure } = await until(attempted, `attempt ${n}`);
    results.push([state, failure]);
    // A retry would ask the DNS server too.
    await app.database.query(
      `update webhook_deliveries set due_at = now() + interval '1 hour' where due_at is not null`,
    );
  }
  dns.close();
  const forbidden = ['Waiting', 'forbidden_address'];
  expect(results).toEqual([['Delivered', null], forbidden, forbidden, ['Delivered', null]]);
  expect([receiver.hooks.length, dns.asked()]).toEqual([2, 4]);
});

test('a failure is retried with the same id, and holds nothing back', async () => {
  await using receiver = await hookReceiver();
  receiver.settings.respond = (response, { text }) => response.writeHead(text.includes('poison') ? 500 : 200).end();
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, receiver.url);
  for (const content of ['poison', 'one', 'two']) await say(content);
  await consume();
  startSending();
  await receiver.has(3);
  await until(
    async () => (await deliveriesOf(webhook.id)).filter(({ state }) => state === 'Delivered').length === 2,
    'two',
  );
  const [poison] = receiver.hooks;
  const failed = (await deliveriesOf(webhook.id)).at(-1);
  expect(failed).toMatchObject({ state: 'Waiting', status: 500, failure: 'status_500', dueAt: expect.any(Date) });
  receiver.settings.respond = (response) => response.writeHead(200).end();
  await dueNow();
  await until(() => receiver.hooks.filter(({ id }) => id === poison?.id).length > 1, 'it is sent again');
  await until(async () => (await deliveriesOf(webhook.id)).every(({ state }) => state === 'Delivered'), 'all are sent');
  expect(new Set(receiver.hooks.map(({ id }) => id)).size).toBe(3);
});

test.each([
  ['a refusal', 400, {}, { state: 'Failed', failure: 'status_400' }],
  ['a redirect', 302, { location: 'http://127.0.0.1:1/' }, { state: 'Waiting', failure: 'redirected', status: null }],
  ['too many requests', 429, { 'retry-after': '7200' }, { state: 'Waiting', failure: 'status_429' }],
  ['a date', 503, { 'retry-after': new Date(Date.now() + 7_200_000).toUTCString() }, { state: 'Waiting' }],
  ['a time out of its own', 408, {}, { state: 'Waiting', failure: 'status_408' }],
])('%s (%i) is what the delivery says', async (_, status, headers, expected) => {
  await using receiver = await hookReceiver({ respond: (response) => response.writeHead(status, headers).end() });
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, receiver.url);
  await alice.trpc.webhook.test.mutate({ webhookId: webhook.id });
  startSending();
  const attempted = () => deliveriesOf(webhook.id).then(([only]) => (only?.attempts === 1 ? only : undefined));
  const delivery = await until(attempted, 'it was tried');
  expect(delivery).toMatchObject({ kind: 'webhook.test', ...expected });
  if ('retry-after' in headers)
    expect(delivery.dueAt?.getTime() ?? 0).toBeGreaterThan((delivery.attemptedAt?.getTime() ?? 0) + 7_000_000);
  expect(receiver.hooks).toHaveLength(1);
});

test('the Owners and its creator receive a mail when a webhook is switched off', async () => {
  await using receiver = await hookReceiver({ respond: (response) => response.writeHead(410).end() });
  const admin = await app.signUp('admin');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Admin' });
  await admin.trpc.workspace.acceptInvite.mutate({ token });
  const bot = await botIn(chatId);
  const input = { botId: bot.id, url: receiver.url, kinds: ['message.created' as const] };
  const { webhook } = await admin.trpc.webhook.create.mutate(input);
  await app.database.query(`update users set email_verified_at = now() where email is not null`);
  await app.database.query('delete from mail_jobs');
  await say('gone');
  await consume();
  startSending();
  const queued = () => app.database.query<{ address: string }>('select address from mail_jobs order by address');
  const jobs = await until(async () => ((await queued()).length > 0 ? queued() : undefined), 'mails wait');
  expect(jobs.map(({ address }) => address)).toEqual([admin.email, alice.email].toSorted());
  const [job] = await claimMails(deps.db, randomUUID(), 1);
  const config = testConfig('worker', { FECHATTER_DATABASE_URL: app.database.url, FECHATTER_MAIL_VIA: 'files' });
  const letter = job && (await letterOf({ db: deps.db, log: deps.log, config }, job));
  expect(letter?.subject).toMatch(/^A webhook was switched off at /);
  expect(letter?.text).toContain(webhook.id);
  expect(letter?.text).not.toContain(receiver.url);
});

test('410 switches a webhook off; what waits fails, and can be sent again once it is on', async () => {
  await using receiver = await hookReceiver({ respond: (response) => response.writeHead(410).end() });
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, receiver.url);
  const webhookId = webhook.id;
  const nowIs = async () => (await alice.trpc.webhook.list.query({ botId: bot.id })).webhooks[0];
  for (const content of ['one', 'two']) await say(content);
  await consume();
  startSending();
  await until(async () => (await nowIs())?.isEnabled === false, 'it is off');
  expect(await nowIs()).toMatchObject({ offReason: 'Gone' });
  await say('three');
  await consume();
  const [two, one, ...others] = await deliveriesOf(webhookId);
  expect([one, two, others]).toMatchObject([
    { failure: 'status_410' },
    { failure: 'switched_off', state: 'Failed' },
    [],
  ]);
  const ref = { webhookId, deliveryId: two?.id ?? '' };
  expect(await refusal(alice.trpc.webhook.redeliver.mutate(ref))).toMatchObject({ reason: 'webhook_off' });
  expect(await refusal(alice.trpc.webhook.test.mutate({ webhookId }))).toMatchObject({ reason: 'webhook_off' });
  receiver.settings.respond = (response) => response.writeHead(200).end();
  expect(await alice.trpc.webhook.update.mutate({ webhookId, isEnabled: true })).toMatchObject({
    isEnabled: true,
    offReason: null,
  });
  await alice.trpc.webhook.redeliver.mutate(ref);
  await until(async () => (await deliveriesOf(webhookId)).some(({ state }) => state === 'Delivered'), 'it is sent');
  expect(receiver.hooks.map(({ id }) => id)).toEqual([one?.messageId, two?.messageId]);
  const { entries } = await alice.trpc.workspace.auditLog.query({ workspaceId });
  const own = entries.filter(({ details }) => details.webhookId === webhookId);
  expect(own.map(({ action, actorId }) => [action, actorId])).toEqual([
    ['webhook.updated', alice.id],
    ['webhook.switchedOff', null],
    ['webhook.created', alice.id],
  ]);
});

test.each([503, 404])('a webhook that fails for five days is switched off: %i', async (status) => {
  await using receiver = await hookReceiver({ respond: (response) => response.writeHead(status).end() });
  const bot = await botIn(chatId);
  const { webhook } = await hookOf(bot.id, receiver.url);
  const nowIs = async () => (await alice.trpc.webhook.list.query({ botId: bot.id })).webhooks[0];
  await say('the first');
  await consume();
  startSending();
  await until(async () => (await nowIs())?.failingSince != null, 'it fails');
  await app.database.query(`update webhooks set failing_since = now() - interval '6 days' where id = '${webhook.id}'`);
  await say('the last straw');
  await consume();
  await until(async () => (await nowIs())?.isEnabled === false, 'it is off');
  expect(await nowIs()).toMatchObject({ offReason: 'Failing' });
});

test('a receiver that does not respond delays no other', async () => {
  await using slow = await hookReceiver({ respond: () => {} });
  await using fast = await hookReceiver();
  const bots = [await botIn(chatId), await botIn(chatId), await botIn(chatId)];
  await hookOf(bots[0]?.id ?? '', slow.url);
  for (const [n, bot] of bots.entries()) for (let m = 0; m < (n === 0 ? 6 : 7); m++) await hookOf(bot.id, fast.url);
  await say('for all');
  await say('and again');
  await consume();
  startSending();
  await fast.has(40);
  expect(slow.hooks).toHaveLength(1);
});
