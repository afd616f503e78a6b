import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from './database.ts';
import { testDatabase } from './testing/index.ts';
import { moves } from './testing/moves.ts';
import { callSend, type Draft, draft } from './testing/sends.ts';

const database = await testDatabase();
const db = openDatabase({ ...database });
const [alice, bob, workspace] = [randomUUID(), randomUUID(), randomUUID()];
beforeAll(async () => {
  await database.query(moves);
  await database.query('select stage.workspace($1)', [workspace]);
  for (const user of [alice, bob]) {
    await database.query('select stage.person($1)', [user]);
    await database.query('select stage.enter_workspace($1, $2)', [workspace, user]);
  }
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

async function chatOf(members: string[], type = 'Group'): Promise<string> {
  const chat = randomUUID();
  await database.query('select stage.chat($1, $2, $3, $4)', [chat, workspace, type, members]);
  return chat;
}
const send = async (drafts: Draft[], mode = 'brief', limit = 0) => callSend(db.pool, drafts, mode, limit);
const outcomes = async (...call: Parameters<typeof send>) => (await send(...call)).map(({ outcome }) => outcome);
const stateOf = (chat: string) =>
  database.query<{ seq: string; numbers: string[]; events: string[]; read: string[] }>(
    `select last_seq as seq, array(select number from messages where chat_id = $1 order by seq) as numbers,
       array(select chat_seq from event_log where chat_id = $1 and code = 1 order by id) as events,
       array(select last_read_number from chat_members where chat_id = $1 and user_id = $2) as read
     from chat_heads where chat_id = $1`,
    [chat, alice],
  );

test('a message is written, numbered, logged and read by its sender', async () => {
  const chat = await chatOf([alice, bob]);
  const rows = await send([draft(chat, alice, 'one'), draft(chat, bob, 'two'), draft(chat, alice, 'three')]);
  expect(rows).toMatchObject([
    { outcome: 0, seq: 2, number: 1, version: 2, sender: { name: `P ${alice}`, avatar_url: null }, used: null },
    { outcome: 0, seq: 3, number: 2, version: 3, sender: { name: `P ${bob}`, avatar_url: null } },
    { outcome: 0, seq: 4, number: 3, version: 4 },
  ]);
  const bodies = await database.query<{ body: Buffer }>('select body from messages where chat_id = $1 order by seq', [
    chat,
  ]);
  expect(bodies.map(({ body }) => String(body))).toEqual(['one', 'two', 'three']);
  expect(await stateOf(chat)).toEqual([{ seq: '4', numbers: ['1', '2', '3'], events: ['2', '3', '4'], read: ['3'] }]);
});

test('a repeat returns its message without a place, and writes nothing', async () => {
  const chat = await chatOf([alice]);
  const first = draft(chat, alice, 'one');
  const [sent] = await send([first]);
  const before = await stateOf(chat);
  const repeat = { outcome: 1, id: sent?.id, seq: null, number: null, version: null, created_at: null, sender: null };
  expect(await send([first])).toMatchObject([repeat]);
  await database.query('update messages set body = null, deleted_at = now() where id = $1', [sent?.id]);
  expect(await send([first])).toMatchObject([repeat]);
  expect(await outcomes([{ ...first, text: 'other' }])).toEqual([3]);
  expect(await stateOf(chat)).toEqual(before);
});

test('the function of release 0.1 still sends, for one release', async () => {
  const chat = await chatOf([alice]);
  const { user, client, text } = draft(chat, alice, 'one');
  const rows = await database.query(
    `select outcome, body from send_messages(array[$1::uuid], array[$2::uuid], array[$3::uuid], array[$3::uuid],
       array[$4::bytea], array['\\x00'::bytea], 'brief', 0)`,
    [chat, user, client, Buffer.from(text)],
  );
  expect(rows).toEqual([{ outcome: 0, body: Buffer.from('one') }]);
});

test('a clientId is the sender’s own in one chat: others may use the same', async () => {
  const [chat, other] = [await chatOf([alice, bob]), await chatOf([alice])];
  const client = randomUUID();
  const drafts = [draft(chat, alice, 'a', client), draft(chat, bob, 'b', client), draft(other, alice, 'c', client)];
  expect(await outcomes(drafts)).toEqual([0, 0, 0]);
});

test('one clientId many times in a batch is one message: the same content repeats, other content is refused', async () => {
  const chat = await chatOf([alice]);
  const first = draft(chat, alice, 'one');
  const rows = await send([first, first, { ...first, text: 'two' }, first]);
  expect(rows.map(({ outcome }) => outcome)).toEqual([0, 1, 3, 1]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect((await stateOf(chat))[0]).toMatchObject({ seq: '2', numbers: ['1'] });
});

test('missing and forbidden chats look the same', async () => {
  const chat = await chatOf([alice]);
  const left = await chatOf([alice, bob]);
  const sent = draft(left, bob, 'before');
  await send([sent]);
  await database.query('select stage.leave_chat($1, $2)', [left, bob]);
  expect(await outcomes([draft(randomUUID(), alice), draft(chat, bob), draft(left, bob), sent])).toEqual([2, 2, 2, 2]);
  expect(await outcomes([draft(randomUUID(), alice)], 'wait')).toEqual([2]);
});

test('a public channel is visible to its workspace alone, and only while it exists', async () => {
  const channel = await chatOf([alice], 'PublicChannel');
  expect(await outcomes([draft(channel, bob), draft(channel, randomUUID())])).toEqual([5, 2]);
  await database.query('select stage.delete_chat($1)', [channel]);
  expect(await outcomes([draft(channel, bob), draft(channel, alice)])).toEqual([2, 2]);
});

test('sending to a Single chat whose other person has left is refused, but a repeat is not', async () => {
  const [carol, dave] = [randomUUID(), randomUUID()];
  for (const user of [carol, dave]) {
    await database.query('select stage.person($1)', [user]);
    await database.query('select stage.enter_workspace($1, $2)', [workspace, user]);
  }
  const chat = await chatOf([carol, dave], 'Single');
  const first = draft(chat, carol, 'one');
  expect(await outcomes([first])).toEqual([0]);
  await database.query('select stage.leave_workspace($1, $2)', [workspace, dave]);
  expect(await outcomes([draft(chat, carol), first, draft(chat, dave)])).toEqual([6, 1, 2]);
});

test('a person who left the workspace, or whose workspace is deleted, is in none of its chats', async () => {
  const [gone, carol] = [randomUUID(), randomUUID()];
  await database.query('select stage.workspace($1)', [gone]);
  await database.query('select stage.person($1)', [carol]);
  await database.query('select stage.enter_workspace($1, $2)', [gone, carol]);
  const chat = randomUUID();
  await database.query(`select stage.chat($1, $2, 'PublicChannel', $3)`, [chat, gone, [carol]]);
  expect(await outcomes([draft(chat, carol)])).toEqual([0]);
  await database.query('select stage.delete_workspace($1)', [gone]);
  expect(await outcomes([draft(chat, carol)])).toEqual([2]);
});

test('a held head ends a brief call after 25 ms, is passed over by skip, and waited for by wait', async () => {
  const [held, free] = [await chatOf([alice]), await chatOf([alice])];
  const drafts = [draft(held, alice), draft(free, alice)];
  const holder = await db.pool.connect();
  await holder.query('begin');
  await holder.query('select from chat_heads where chat_id = $1 for no key update', [held]);
  await expect(send(drafts)).rejects.toMatchObject({ code: '55P03' });
  expect(await outcomes(drafts, 'skip')).toEqual([4, 0]);
  const waiting = outcomes(drafts.slice(0, 1), 'wait');
  await waitingFor(1);
  await holder.query('commit');
  holder.release();
  expect(await waiting).toEqual([0]);
  expect((await stateOf(held))[0]?.numbers).toEqual(['1']);
});

test('the slow lane accepts one chat, and an unknown mode is a bug', async () => {
  const [one, two] = [await chatOf([alice]), await chatOf([alice])];
  await expect(send([draft(one, alice), draft(two, alice)], 'wait')).rejects.toThrow('the slow lane takes one chat');
  await expect(send([draft(one, alice)], 'fast')).rejects.toThrow('no such mode: fast');
});

test('a send that waits for the head is checked after the removal that held it', async () => {
  const chat = await chatOf([alice, bob]);
  const remover = await db.pool.connect();
  await remover.query('begin');
  await remover.query('select stage.leave_chat($1, $2)', [chat, bob]);
  const sending = outcomes([draft(chat, bob)], 'wait');
  await waitingFor(1);
  await remover.query('commit');
  remover.release();
  expect(await sending).toEqual([2]);
});

async function waitingFor(count: number): Promise<void> {
  await until(async () => {
    const rows = await database.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length >= count;
  }, 'a send waits for a lock');
}
