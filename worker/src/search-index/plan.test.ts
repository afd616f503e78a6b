import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { TestDatabase } from '@fechatter/drizzle/testing';
import { searchedServer } from '../testing/searched-server.ts';

const CHATS = 1_000;
/** No part has more, and each is queried by its name: a million messages are four times this plan. */
const PART_MESSAGES = 250_000;

/** A person's chats, made faster than by calls. */
const insertChats = (database: TestDatabase, workspaceId: string, userId: string, chats: number) =>
  database.query<{ id: string }>(
    `with made as (
       insert into chats (id, workspace_id, chat_type, name, version, creator_id)
       select gen_random_uuid(), $1, 'Group', 'chat', 1, $2 from generate_series(1, $3::int) returning id),
     heads as (
       insert into chat_heads (chat_id, workspace_id, chat_type, last_seq) select id, $1, 'Group', 1 from made)
     insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select id, $2, 'Owner', 1, 1, 0 from made returning chat_id as id`,
    [workspaceId, userId, chats],
  );

test('in 1,000 chats and in a full part only the index of tokens is scanned, neither the table nor its key', async () => {
  await using stage = await searchedServer();
  const { alice, workspace } = await stage.app.workspaceOf('alice');
  await stage.index();
  const { database } = stage.app;
  await insertChats(database, workspace.id, alice.id, CHATS);
  // Rows without a message: what the index finds is not there. Its index is made afterwards, as for the parts of a walk: adding
  // rows one by one would take a minute.
  const [made] = await database.query<{ part: number }>(
    `select search_add_unindexed_part(1, '00000000-0000-0000-0000-000000000001') as part`,
  );
  await database.query(
    `insert into message_search (part, message_id, version, tokens)
     select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1,
       array[hashint4(n), hashint4(n % 50000), hashint4(n % 1000), n % 50]
     from generate_series(1, ${PART_MESSAGES}) n`,
    [made?.part],
  );
  await database.query('select search_index_part($1)', [made?.part]);
  await database.query('analyze message_search');
  const scans = async () => {
    await database.query('select pg_stat_force_next_flush()');
    const [row] = await database.query<{ seq: number; key: number; tokens: number }>(`
      select (select sum(seq_tup_read)::int from pg_stat_user_tables where relname like 'message_search_p%') as seq,
        coalesce(sum(idx_tup_read) filter (where indexrelname like '%pkey'), 0)::int as key,
        coalesce(sum(idx_scan) filter (where indexrelname like '%tokens%'), 0)::int as tokens
      from pg_stat_user_indexes where relname like 'message_search_p%'`);
    return row ?? { seq: 0, key: 0, tokens: 0 };
  };
  const before = await scans();
  for (const query of ['zebra', 'zebra quagga', '"zebra quagga"', 'zeb*', 'has:link', '東京都', `from:<@${alice.id}>`])
    await alice.trpc.message.search.query({ workspaceId: workspace.id, query });
  await expect.poll(async () => (await scans()).tokens - before.tokens).toBeGreaterThanOrEqual(14);
  const after = await scans();
  expect({ seq: after.seq - before.seq, key: after.key - before.key }).toEqual({ seq: 0, key: 0 });
});

test('both words are searched in every one of many chats, in several scans of the index', async () => {
  await using stage = await searchedServer();
  const { alice, workspace } = await stage.app.workspaceOf('alice');
  const made = await insertChats(stage.app.database, workspace.id, alice.id, 200);
  // In the order in which they are searched.
  const chats = made.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const say = (at: number, content: string) =>
    alice.trpc.message.send.mutate({ chatId: chats[at]?.id ?? '', clientId: randomUUID(), content });
  const both = [0, 63, 64, 130, 199];
  for (const at of both) await say(at, `zebra and quagga ${at}`);
  for (const [at, content] of [
    [1, 'zebra'],
    [65, 'quagga'],
    [131, 'zebra'],
  ] as const)
    await say(at, content);
  await stage.index();
  const { hits } = await alice.trpc.message.search.query({ workspaceId: workspace.id, query: 'zebra quagga' });
  expect(hits.map(({ message }) => message.content)).toEqual(both.toReversed().map((at) => `zebra and quagga ${at}`));
});
