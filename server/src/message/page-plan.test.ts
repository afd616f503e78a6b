import { testDatabase } from '@fechatter/drizzle/testing';
import { openDatabase } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messagePageSql } from './page-sql.ts';

const CHATS = 3;
const LARGE = 50_000;
/** The planner makes this many custom plans before it considers a generic one. */
const TRIED_FIRST = 5;

const database = await testDatabase();
const db = openDatabase({ ...database, poolSize: 1 });
const [user, workspace] = [randomUUID(), randomUUID()];
const chats = Array.from({ length: CHATS }, () => randomUUID());
const [large] = chats;

beforeAll(async () => {
  const write = (text: string, values: unknown[]) => database.query(text, values);
  await write(`insert into users (id, email, full_name, password_hash) values ($1, 'a@example.com', 'A', 'none')`, [
    user,
  ]);
  await write(`insert into workspaces (id, name) values ($1, 'w')`, [workspace]);
  await write(`insert into workspace_members (workspace_id, user_id, role, joined_seq) values ($1, $2, 'Member', 1)`, [
    workspace,
    user,
  ]);
  await write(
    `insert into chats (id, workspace_id, chat_type, name, version, creator_id) select c, $1, 'PublicChannel', 'c', 1, $3 from unnest($2::uuid[]) c`,
    [workspace, chats, user],
  );
  await write(
    `insert into messages (id, chat_id, seq, number, version, sender_id, client_id, mac)
     select gen_random_uuid(), c, n, n, n, $1, gen_random_uuid(), '' from unnest($2::uuid[]) c,
       generate_series(1, case when c = $3 then $4::int else 50 end) n`,
    [user, chats, large, LARGE],
  );
  await write(
    `insert into chat_heads (chat_id, workspace_id, chat_type, last_seq, last_number)
     select c, $1, 'PublicChannel', n, n from unnest($2::uuid[]) c, lateral (select case when c = $3 then $4::int else 50 end) n (n)`,
    [workspace, chats, large, LARGE],
  );
  await database.query('analyze');
});
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

test.each(['newest', 'before', 'after', 'around', 'aroundNumber', 'ids'] as const)(
  'the page that is %s is planned once, however large the chat',
  async (direction) => {
    const { rows } = await db.pool.query<{ id: string }>(
      'select id from messages where chat_id = $1 and seq >= $2 order by seq limit 51',
      [large, LARGE / 2],
    );
    const anchors = {
      newest: [],
      before: [rows[0]?.id],
      after: [rows[0]?.id],
      around: [rows[0]?.id, 25],
      aroundNumber: [LARGE / 2, 25],
      ids: [rows.map(({ id }) => id)],
    };
    const values = [user, large, direction.startsWith('around') ? 26 : 51, ...anchors[direction]];
    for (let call = 0; call < 2 * TRIED_FIRST; call++) {
      const page = await db.pool.query({
        name: direction,
        text: direction === 'ids' ? messagePageSql.ids : messagePageSql.main[direction],
        values,
      });
      expect(page.rows).toHaveLength(51);
    }
    const { rows: plans } = await db.pool.query(
      'select custom_plans::int as "ofValues", generic_plans::int as "forAll" from pg_prepared_statements where name = $1',
      [direction],
    );
    expect(plans).toEqual([{ ofValues: TRIED_FIRST, forAll: TRIED_FIRST }]);
  },
);
