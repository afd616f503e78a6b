import { openDatabase } from '@fechatter/drizzle';
import type { Person } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nativePushServices } from '../testing/native-push-services.ts';
import { pushedServer } from '../testing/pushed-server.ts';
import { claimPushes } from './claim-pushes.ts';
import { decidePushes } from './decide-pushes.ts';
import { endPush } from './settle-push.ts';

const services = await nativePushServices();
const stage = await pushedServer(services.settings);
const { app, query, consume, pending, decided, subscribe } = stage;
const { alice, bob, carol, chat: group, workspace } = await app.chatOf('alice', 'bob', 'carol');
const channel = await alice.trpc.chat.create.mutate({
  workspaceId: workspace.id,
  chatType: 'PrivateChannel',
  name: 'channel',
  memberIds: [bob.id, carol.id],
});
const single = await alice.trpc.chat.create.mutate({
  workspaceId: workspace.id,
  chatType: 'Single',
  name: 'single',
  memberIds: [bob.id],
});
beforeAll(() => subscribe(bob));
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await services[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await consume();
  await query('delete from push_pending');
});

const send = (chatId: string, content: string, { by = alice, threadId }: { by?: Person; threadId?: string } = {}) =>
  by.trpc.message.send.mutate({ chatId, content, ...(threadId !== undefined && { threadId }) });
/** The messages that bob’s device would be notified of now. */
const wanted = async () =>
  (await decided()).flatMap(({ wanted: found }) => (found?.subject.is === 'message' ? [found.subject] : []));
const mine = (set: string, ...values: unknown[]) =>
  query(`update chat_members set ${set} where user_id = $1 and left_seq is null`, [bob.id, ...values]);
const quietHours = (hours: object | null) =>
  query(
    `insert into user_preferences (user_id, quiet_hours) values ($1, $2)
     on conflict (user_id) do update set quiet_hours = excluded.quiet_hours`,
    [bob.id, hours === null ? null : JSON.stringify(hours)],
  );
/** At any time of a test: a time zone has no date line in the middle of a day that lasts from midnight to midnight. */
const always = { from: '00:00', to: '00:00', days: [1, 2, 3, 4, 5, 6, 7], timeZone: 'Europe/Berlin' };

const levels = [null, 'All', 'Mentions', 'Nothing'] as const;
const mentions = {
  nobody: 'hello',
  bob: `hello <@${bob.id}>`,
  everyone: 'hello <!everyone>',
  carol: `hello <@${carol.id}>`,
};
const chats = { group, channel };

/** No choices, and everything is read. */
async function asAtFirst(): Promise<void> {
  const newest = '(select h.last_number from chat_heads h where h.chat_id = chat_members.chat_id)';
  await mine(`notify_level = null, muted_until = null, last_read_number = ${newest}`);
  await quietHours(null);
}

/** The delays of the rows, in seconds. */
const delays = async () =>
  (await query<{ s: number }>(`select round(extract(epoch from due_at - created_at))::int as s from push_pending`)).map(
    ({ s }) => s,
  );
const beLive = () =>
  query(
    `with i as (insert into presence_instances (id, leased_until) values (gen_random_uuid(), '2100-01-01') returning id)
     insert into presence_people (user_id, instance_id) select $1, id from i`,
    [bob.id],
  );
const endStreams = () => query('delete from presence_people');

describe.each(Object.keys(chats) as (keyof typeof chats)[])('in a %s, for a device of each kind', (type) => {
  const others: string[] = [];
  beforeAll(async () => {
    for (const kind of ['Fcm', 'Apns'] as const) others.push(await subscribe(bob, services.device(kind)));
  });
  afterAll(() => query('delete from push_subscriptions where id = any ($1)', [others]));
  const ofEachKind = <T>(one: T): T[] => [one, one, one];

  describe.each(levels)('at level %s', (level) => {
    test.each(Object.keys(mentions) as (keyof typeof mentions)[])('a message that mentions %s', async (whom) => {
      const isMention = whom === 'bob' || whom === 'everyone';
      const isHeeded =
        level !== 'Nothing' && (isMention || (level ?? (type === 'group' ? 'All' : 'Mentions')) === 'All');
      const chatId = chats[type].id;
      for (const isLive of [false, true]) {
        await query('delete from push_pending');
        await mine('notify_level = $2, muted_until = null', level);
        await quietHours(null);
        if (isLive) await beLive();
        const { id, number } = await send(chatId, mentions[whom]);
        await consume();
        await endStreams();
        expect((await pending()).map(({ chat_id }) => chat_id)).toEqual(isHeeded ? ofEachKind(chatId) : []);
        expect(await delays()).toEqual(isHeeded ? ofEachKind(isLive ? 30 : 5) : []);
        for (const mute of [null, '2000-01-01', '2100-01-01'])
          for (const quiet of [null, always])
            for (const isRead of [false, true]) {
              await mine('muted_until = $2, last_read_number = $3', mute, isRead ? number : number - 1);
              await quietHours(quiet);
              const isWanted = isHeeded && mute !== '2100-01-01' && quiet === null && !isRead;
              expect([isLive, mute, quiet, isRead, await wanted()]).toEqual([
                isLive,
                mute,
                quiet,
                isRead,
                isWanted ? ofEachKind(expect.objectContaining({ chatId, id, isMention })) : [],
              ]);
            }
      }
    });
  });
});

describe('what is decided when it is sent', () => {
  beforeEach(asAtFirst);

  test('a deleted message makes way for the one before, and nothing is pushed of people whom the person blocks', async () => {
    const first = await send(single.id, 'one');
    const second = await send(single.id, 'two');
    await consume();
    await alice.trpc.message.delete.mutate({ chatId: single.id, messageId: second.id });
    expect(await wanted()).toMatchObject([{ id: first.id, chatType: 'Single' }]);
    await bob.trpc.user.block.mutate({ userId: alice.id });
    expect(await wanted()).toEqual([]);
    await bob.trpc.user.unblock.mutate({ userId: alice.id });
    await bob.trpc.chat.markRead.mutate({ chatId: single.id, number: second.number });
  });

  test('an earlier mention makes the push of a later message one', async () => {
    await send(group.id, `<@${bob.id}>`);
    const last = await send(group.id, 'and more');
    await consume();
    expect(await wanted()).toMatchObject([{ id: last.id, isMention: true }]);
    await bob.trpc.chat.markRead.mutate({ chatId: group.id, number: last.number - 1 });
    expect(await wanted()).toMatchObject([{ id: last.id, isMention: false }]);
    await bob.trpc.chat.markRead.mutate({ chatId: group.id, number: last.number });
  });

  test('of threads those that one follows, until they are read or unfollowed', async () => {
    const root = await send(channel.id, 'root', { by: carol });
    await consume();
    await query('delete from push_pending');
    const reply = (content: string) => send(channel.id, content, { threadId: root.id });
    await reply('bob does not follow');
    await consume();
    expect(await wanted()).toEqual([]);
    const mention = await reply(`<@${bob.id}> follows now`);
    await consume();
    expect(await wanted()).toMatchObject([{ id: mention.id, isMention: true, threadId: root.id }]);
    const next = await reply('more');
    await consume();
    expect(await wanted()).toMatchObject([{ id: next.id }]);
    const thread = { chatId: channel.id, rootId: root.id };
    await bob.trpc.thread.markRead.mutate({ ...thread, number: next.number });
    expect(await wanted()).toEqual([]);
    const unread = await reply('and more');
    await consume();
    expect(await wanted()).toMatchObject([{ id: unread.id, isMention: false }]);
    await mine(`notify_level = 'Nothing'`);
    expect(await wanted()).toEqual([]);
    await mine('notify_level = null');
    await bob.trpc.thread.unfollow.mutate(thread);
    expect(await wanted()).toEqual([]);
    // The replies have not read the channel for anybody, nor made it unread.
    expect(await reply(`<@${bob.id}> has left the thread`)).toBeTruthy();
    await consume();
    expect(await wanted()).toEqual([]);
  });

  test('who is removed, suspended or signed out gets nothing, and neither does a deleted chat', async () => {
    const dora = await app.signUp('dora');
    const invite = await alice.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
    await dora.trpc.workspace.acceptInvite.mutate({ token: invite.token });
    const room = await alice.trpc.chat.create.mutate({
      workspaceId: workspace.id,
      chatType: 'Group',
      name: 'room',
      memberIds: [dora.id],
    });
    await consume();
    await subscribe(dora);
    const message = await send(room.id, 'for dora');
    await consume();
    const isWanted = async () => (await wanted()).map(({ id }) => id).includes(message.id);
    expect(await isWanted()).toBe(true);
    await query(`update users set status = 'Suspended' where id = $1`, [dora.id]);
    expect(await isWanted()).toBe(false);
    await query(`update users set status = 'Active' where id = $1`, [dora.id]);
    expect(await isWanted()).toBe(true);
    await alice.trpc.chat.removeMember.mutate({ chatId: room.id, userId: dora.id });
    expect(await isWanted()).toBe(false);
    await alice.trpc.chat.addMembers.mutate({ chatId: room.id, userIds: [dora.id] });
    expect(await isWanted()).toBe(false);
    const again = await send(room.id, 'for dora again');
    await consume();
    const isAgainWanted = async () => (await wanted()).map(({ id }) => id).includes(again.id);
    expect(await isAgainWanted()).toBe(true);
    await alice.trpc.chat.delete.mutate({ chatId: room.id });
    expect(await isAgainWanted()).toBe(false);
    await dora.trpc.auth.signout.mutate();
    const later = await send(group.id, 'later');
    await consume();
    expect((await pending()).map(({ chat_id }) => chat_id)).toContain(group.id);
    await bob.trpc.chat.markRead.mutate({ chatId: group.id, number: later.number });
  });

  test('the badge counts chats with something unread, unless they are muted', async () => {
    await send(group.id, 'one');
    await send(single.id, 'two');
    await consume();
    const badges = async () => (await decided()).map(({ wanted: found }) => found?.badge);
    expect(await badges()).toEqual([2, 2]);
    await query(`update chat_members set muted_until = '2100-01-01' where user_id = $1 and chat_id = $2`, [
      bob.id,
      single.id,
    ]);
    expect((await badges()).filter((badge) => badge !== undefined)).toEqual([1]);
  });
});

describe('what is written when a message comes', () => {
  beforeEach(asAtFirst);

  test('one row a device and chat, due in 5 s, or in 30 s where the person has a stream', async () => {
    const other = await subscribe(bob);
    await send(group.id, 'one');
    await send(group.id, 'two');
    await consume();
    await send(group.id, 'three');
    await consume();
    const rows = await pending();
    expect(new Set(rows.map(({ subscription_id }) => subscription_id)).size).toBe(2);
    expect(rows).toHaveLength(2);
    expect(await delays()).toEqual([5, 5]);
    await beLive();
    await query('delete from push_pending');
    await send(group.id, 'four');
    await consume();
    expect(await delays()).toEqual([30, 30]);
    await endStreams();
    await query('delete from push_subscriptions where id = $1', [other]);
  });

  test('nothing for oneself, and nothing without a device', async () => {
    await send(group.id, 'by bob', { by: bob });
    await consume();
    expect(await pending()).toEqual([]);
  });

  test('what came while a worker was sending is not lost, and not sent twice', async () => {
    await send(group.id, 'one');
    await consume();
    const [held] = await decided();
    const newer = await send(group.id, 'two');
    await consume();
    if (held !== undefined) await endPush(stage.db, held);
    expect(await pending()).toMatchObject([{ lease: null, newer_seq: null, attempts: 0 }]);
    expect(await wanted()).toMatchObject([{ id: newer.id }]);
    const [again] = await decided();
    if (again !== undefined) await endPush(stage.db, again);
    expect(await pending()).toEqual([]);
  });

  test('a message that comes while the result is recorded is pushed once, and soon', async () => {
    await send(group.id, 'one');
    await consume();
    const [held] = await decided();
    const owner = openDatabase(app.database);
    const consuming = await owner.pool.connect();
    try {
      const newer = await send(group.id, 'two');
      await query('select log_step()');
      await consuming.query('begin');
      await consuming.query('select push_enqueue($1)', [[newer.id]]);
      const ended = held && endPush(stage.db, held);
      const waiters = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      await until(async () => (await query(waiters)).length > 0, 'the worker waits for the consumer');
      await consuming.query('commit');
      await ended;
      expect(await pending()).toMatchObject([{ lease: null, newer_seq: null, attempts: 0 }]);
      expect(await wanted()).toMatchObject([{ id: newer.id }]);
    } finally {
      consuming.release();
      await owner.close();
    }
  });

  test('another worker’s claim is not decided', async () => {
    await send(group.id, 'one');
    await consume();
    const limits = { max: 100, unproven: 100, perHost: 100, hosts: new Map() };
    await query(`update push_pending set due_at = '2000-01-01'`);
    const late = await claimPushes(stage.db, limits);
    expect(late.ids).toHaveLength(1);
    expect(await decided()).toHaveLength(1);
    expect(await decidePushes(stage.db, late)).toEqual([]);
  });

  test('messages older than a day are no news', async () => {
    await send(group.id, 'old');
    await query(`update messages set created_at = now() - interval '25 hours' where chat_id = $1`, [group.id]);
    await consume();
    expect(await pending()).toEqual([]);
  });
});

test.each([
  // Berlin is at UTC+1 in January, when the 5th of 2026 is a Monday.
  ['22:00', '07:00', [1], '2026-01-05T20:59:59Z', false],
  ['22:00', '07:00', [1], '2026-01-05T21:00:00Z', true],
  ['22:00', '07:00', [1], '2026-01-06T05:59:59Z', true],
  ['22:00', '07:00', [1], '2026-01-06T06:00:00Z', false],
  ['22:00', '07:00', [1], '2026-01-06T21:00:00Z', false],
  ['22:00', '07:00', [7], '2026-01-05T05:00:00Z', true],
  ['09:00', '17:00', [1, 2], '2026-01-05T08:00:00Z', true],
  ['09:00', '17:00', [1, 2], '2026-01-05T16:00:00Z', false],
  ['09:00', '17:00', [3], '2026-01-05T08:00:00Z', false],
  // Summer time.
  ['22:00', '07:00', [1, 2, 3, 4, 5, 6, 7], '2026-07-06T20:00:00Z', true],
  // The whole Monday.
  ['00:00', '00:00', [1], '2026-01-05T22:59:59Z', true],
  ['00:00', '00:00', [1], '2026-01-05T23:00:00Z', false],
] as const)('quiet from %s to %s on days %j, at %s: %s', async (from, to, days, at, isQuiet) => {
  const [row] = await query<{ quiet: boolean }>('select push_is_quiet($1, $2) as quiet', [
    JSON.stringify({ from, to, days, timeZone: 'Europe/Berlin' }),
    at,
  ]);
  expect(row?.quiet).toBe(isQuiet);
});

test('a time zone that Postgres does not know is never quiet', async () => {
  const [row] = await query(`select push_is_quiet($1, now()) as quiet`, [
    JSON.stringify({ ...always, timeZone: 'Mars/Base' }),
  ]);
  expect(row).toEqual({ quiet: false });
});
