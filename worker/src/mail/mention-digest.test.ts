import { openDatabase, stepConsumer } from '@fechatter/drizzle';
import { testConfig } from '@fechatter/service-kit/testing';
import type { Person } from '@fechatter/server/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { mailedAccounts } from '../testing/mailed-accounts.ts';
import { mentionConsumer } from './mention-consumer.ts';
import { queueMentionDigests } from './queue-mention-digests.ts';

const accounts = await mailedAccounts({
  FECHATTER_MAIL_MENTION_DIGEST: 'true',
  FECHATTER_LIMITS_SENDS_PER_MINUTE: '0',
});
const { app, db, config, host, allSent } = accounts;
const query = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []) =>
  app.database.query<Row>(text, values);
const { alice, bob, carol, chat } = await app.chatOf('alice', 'bob', 'carol');
await query('update users set email_verified_at = now(), holds_email = true where id <> $1', [carol.id]);
afterAll(() => accounts[Symbol.asyncDispose]());

const consume = async () => {
  for (;;) {
    await query('select log_step()');
    if ((await stepConsumer(db, mentionConsumer)).did === 'nothing') return;
  }
};
await consume();
beforeEach(async () => {
  await consume();
  await query('delete from mention_digests');
});

const queue = (settings = config) => queueMentionDigests({ db, config: settings }, new AbortController().signal);
const noted = async () =>
  (await query<{ user_id: string }>('select user_id from mention_digests')).map((row) => row.user_id);
const mention = async (person: Person, by: Person = alice) => {
  const message = await by.trpc.message.send.mutate({ chatId: chat.id, content: `<@${person.id}> secret` });
  await consume();
  return message;
};
/** A day passes. */
const aDay = async () => {
  await query(`update messages set created_at = created_at - interval '25 hours'`);
  await query(
    `update mention_digests set since_at = since_at - interval '25 hours', due_at = due_at - interval '25 hours'`,
  );
};
const read = ({ number }: { number: number }) => bob.trpc.chat.markRead.mutate({ chatId: chat.id, number });
const mailsOf = (person: Person) => host.mailsTo(person.email).filter(({ subject }) => subject.includes('mentioned'));

test('mentions that were not read for a day are one mail, once, without text and names', async () => {
  await mention(bob);
  const last = await mention(bob);
  await queue();
  expect(await query('select from mail_jobs')).toEqual([]);
  await aDay();
  await queue();
  await queue();
  await allSent();
  const [mail, ...more] = mailsOf(bob);
  expect(more).toEqual([]);
  expect(mail?.subject).toBe('You were mentioned 2 times at Fechatter');
  expect(mail?.link).toBe('https://chat.example.org/app');
  for (const word of ['secret', 'alice', chat.name]) expect(mail?.raw.includes(word)).toBe(false);
  // Later ones are a mail of their own, which counts no earlier one.
  const third = await mention(bob);
  await aDay();
  await queue();
  await allSent();
  expect(mailsOf(bob).map(({ subject }) => subject)).toEqual([mail?.subject, 'You were mentioned at Fechatter']);
  expect(third.number).toBe(last.number + 1);
  await read(third);
});

test('what was read, deleted or muted, or is of somebody blocked, is not mailed, and neither to who has no address', async () => {
  const count = mailsOf(bob).length;
  const cases: (() => Promise<unknown>)[] = [
    async () => read(await mention(bob)),
    async () => {
      const { id } = await mention(bob);
      await alice.trpc.message.delete.mutate({ chatId: chat.id, messageId: id });
    },
    async () => {
      await mention(bob);
      await bob.trpc.chat.setNotifications.mutate({ chatId: chat.id, level: 'Nothing' });
    },
    async () => {
      await bob.trpc.chat.setNotifications.mutate({ chatId: chat.id, level: null, mutedForSeconds: 3_600 });
      await mention(bob);
    },
    async () => {
      await bob.trpc.chat.setNotifications.mutate({ chatId: chat.id, mutedForSeconds: null });
      await bob.trpc.user.block.mutate({ userId: alice.id });
      await mention(bob);
    },
  ];
  for (const happens of cases) {
    await happens();
    expect(await noted()).toEqual([bob.id]);
    await aDay();
    await queue();
    expect(await noted()).toEqual([]);
    expect(await query('select from mail_jobs')).toEqual([]);
  }
  await bob.trpc.user.unblock.mutate({ userId: alice.id });
  await mention(carol);
  expect(await noted()).toEqual([]);
  expect(mailsOf(bob)).toHaveLength(count);
});

test('a mention that was read makes no mail about a later one that is not a day old', async () => {
  const count = mailsOf(bob).length;
  await read(await mention(bob));
  await aDay();
  const later = await mention(bob);
  await queue();
  expect(await query('select from mail_jobs')).toEqual([]);
  const [row] = await query<{ is_later: boolean }>(
    `select d.due_at = m.created_at + interval '1 day' and d.since_at = m.created_at as is_later
     from mention_digests d, messages m where m.id = $1`,
    [later.id],
  );
  expect(row).toEqual({ is_later: true });
  await aDay();
  await queue();
  await allSent();
  expect(mailsOf(bob).slice(count)).toMatchObject([{ subject: 'You were mentioned at Fechatter' }]);
  expect(await noted()).toEqual([]);
  await read(later);
});

test('a mention that comes while a worker deletes the row of its person is noted', async () => {
  const message = await mention(bob);
  const worker = openDatabase({ ...app.database, poolSize: 1 });
  const client = await worker.pool.connect();
  await client.query('begin');
  await client.query('select from mention_digests for update');
  const mentioned = mention(bob);
  await until(
    async () =>
      (
        await query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ~ 'mention_digests'`,
        )
      ).length > 0,
    'the consumer waits',
  );
  await client.query('delete from mention_digests');
  await client.query('commit');
  client.release();
  await worker.close();
  const last = await mentioned;
  expect(await noted()).toEqual([bob.id]);
  await read(last);
  expect(last.number).toBe(message.number + 1);
});

test('of any number of mentions that were read none is looked at', async () => {
  const last = await mention(bob);
  await read(last);
  // Of the same message: what matters is that the index finds none above the read mark.
  await query(
    `insert into mentions (chat_id, number, message_id, user_id, sender_id)
     select $1, -n, $2, $3, $4 from generate_series(1, 50000) n`,
    [chat.id, last.id, bob.id, alice.id],
  );
  await query('analyze mentions');
  const [explained] = await query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    `explain (analyze, buffers, format json) select count(*) from unread_mention_times($1, now() - interval '1 day')`,
    [bob.id],
  );
  const { 'Shared Hit Blocks': hit = Infinity, 'Shared Read Blocks': fetched = 0 } =
    explained?.['QUERY PLAN'][0].Plan ?? {};
  expect(hit + fetched).toBeLessThan(200);
  await query('delete from mentions where number < 0');
});

test('what is read after the mail was queued, before it is sent, is not mailed', async () => {
  const count = mailsOf(bob).length;
  const message = await mention(bob);
  await aDay();
  // The sender of this test waits for its row.
  await query(`alter table mail_jobs alter due_at set default '2100-01-01'`);
  await queue();
  expect(await query('select from mail_jobs')).toHaveLength(1);
  await read(message);
  await query(`update mail_jobs set due_at = now()`);
  await query('alter table mail_jobs alter due_at set default clock_timestamp()');
  await until(async () => (await query('select from mail_jobs')).length === 0, 'it is decided');
  expect(mailsOf(bob)).toHaveLength(count);
});

test('it is off by default, and what nobody has looked at for a day is forgotten', async () => {
  const off = testConfig('worker', { FECHATTER_DATABASE_URL: 'postgres://localhost/x', ...host.env });
  const message = await mention(bob);
  await aDay();
  await queue(off);
  expect(await query('select from mail_jobs')).toEqual([]);
  expect(await noted()).toEqual([bob.id]);
  await aDay();
  await queue();
  expect(await noted()).toEqual([]);
  expect(await query('select from mail_jobs')).toEqual([]);
  await read(message);
});
