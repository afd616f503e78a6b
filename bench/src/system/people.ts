import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** A person with a live session. */
export interface BenchPerson {
  readonly userId: string;
  readonly sessionId: string;
}

export interface BenchChat {
  readonly id: string;
  readonly workspaceId: string;
}

/** Writes people with a session each directly into the tables, in one statement. */
export async function makePeople(pool: pg.Pool, count: number): Promise<readonly BenchPerson[]> {
  const people = Array.from({ length: count }, () => ({ userId: randomUUID(), sessionId: randomUUID() }));
  const values = [people.map(({ userId }) => userId), people.map(({ sessionId }) => sessionId)];
  await pool.query(
    `insert into users (id, email, full_name, password_hash)
     select id, id || '@example.com', 'Someone With A Name', 'none' from unnest($1::uuid[]) id`,
    values.slice(0, 1),
  );
  await pool.query(
    `insert into sessions (id, user_id, refresh_hash, expires_at)
     select s.id, s.user_id, '\\x00', now() + interval '1 day' from unnest($1::uuid[], $2::uuid[]) s (user_id, id)`,
    values,
  );
  return people;
}

/** Makes a workspace with all of these people in it. */
export async function makeWorkspace(pool: pg.Pool, people: readonly BenchPerson[]): Promise<string> {
  const id = randomUUID();
  await pool.query(`insert into workspaces (id, name) values ($1, 'a workspace')`, [id]);
  await pool.query('insert into workspace_heads (workspace_id, last_seq) values ($1, 1)', [id]);
  await pool.query(
    `insert into workspace_members (workspace_id, user_id, role, joined_seq) select $1, u, 'Member', 1 from unnest($2::uuid[]) u`,
    [id, people.map(({ userId }) => userId)],
  );
  return id;
}

/** Writes group chats without members, in two statements. */
export async function insertChats(
  pool: pg.Pool,
  workspaceId: string,
  creatorId: string | undefined,
  ids: readonly string[],
): Promise<void> {
  await pool.query(
    `insert into chats (id, workspace_id, chat_type, name, version, creator_id)
     select c, $1, 'Group', 'a chat', 1, $2 from unnest($3::uuid[]) c`,
    [workspaceId, creatorId, ids],
  );
  await pool.query(
    `insert into chat_heads (chat_id, workspace_id, chat_type, last_seq) select c, $1, 'Group', 1 from unnest($2::uuid[]) c`,
    [workspaceId, ids],
  );
}

/** Makes a group chat of these people. */
export async function makeChat(pool: pg.Pool, workspaceId: string, people: readonly BenchPerson[]): Promise<BenchChat> {
  const id = randomUUID();
  await insertChats(pool, workspaceId, people[0]?.userId, [id]);
  await pool.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select $1, u, 'Member', 1, 0, 0 from unnest($2::uuid[]) u`,
    [id, people.map(({ userId }) => userId)],
  );
  return { id, workspaceId };
}
