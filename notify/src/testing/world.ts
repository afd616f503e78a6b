import type { ChatType } from '@fechatter/contract';
import {
  appendEvents,
  createBell,
  createMessageCipher,
  type Database,
  type Happening,
  inTransaction,
  openDatabase,
  sql,
  type Tx,
} from '@fechatter/drizzle';
import { type TestDatabase, testDatabase } from '@fechatter/drizzle/testing';
import { testConfig, testKeys } from '@fechatter/service-kit/testing';
import { randomUUID } from 'node:crypto';
import { type StartOptions, startNotify } from '../start.ts';

export interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly token: string;
}
export interface Place {
  readonly id: string;
  readonly workspaceId: string;
}

/** People, workspaces and chats in a database of their own, changed as the server would: fact and event together. */
export interface World extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly db: Database;
  notify(options?: StartOptions, env?: Record<string, string>): ReturnType<typeof startNotify>;
  person(name?: string): Promise<Person>;
  session(userId: string, expiresInSeconds?: number): Promise<Pick<Person, 'sessionId' | 'token'>>;
  workspace(...people: Person[]): Promise<string>;
  joinWorkspace(workspaceId: string, person: Person): Promise<void>;
  leaveWorkspace(workspaceId: string, person: Person): Promise<void>;
  chat(workspaceId: string, people: readonly Person[], chatType?: ChatType): Promise<Place>;
  join(chat: Place, person: Person): Promise<void>;
  leave(chat: Place, person: Person): Promise<void>;
  deleteChat(chat: Place, isPublic?: boolean): Promise<void>;
  deleteWorkspace(workspaceId: string): Promise<void>;
  send(chat: Place, person: Person, content: string): Promise<string>;
  /** Many messages in one statement. */
  sendMany(chat: Place, person: Person, count: number, content?: string): Promise<void>;
  edit(chat: Place, messageId: string, content: string): Promise<void>;
  revoke(person: Person): Promise<void>;
  tell(...happenings: Happening[]): Promise<void>;
}

/** Makes an empty world. */
export async function testWorld(): Promise<World> {
  const database = await testDatabase();
  const db = openDatabase({ ...database, statementTimeoutMs: 8_000 });
  const keys = await testKeys();
  const bell = createBell(db.pool);
  const ringKey = Buffer.alloc(32, 1);
  const cipher = createMessageCipher([{ id: 1, key: ringKey }]);
  await db.pool.query('insert into signing_keys (kid, public_jwk) values ($1, $2)', [
    keys.published.kid,
    JSON.stringify(keys.published.jwk),
  ]);

  const change = async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const result = await inTransaction(db, work);
    bell.ring();
    return result;
  };
  const first = async (tx: Tx, query: ReturnType<typeof sql>): Promise<number> => {
    const { rows } = await tx.execute<{ seq: string | number }>(query);
    return Number(rows[0]?.seq);
  };
  const chatSeq = (tx: Tx, id: string) =>
    first(tx, sql`update chat_heads set last_seq = last_seq + 1 where chat_id = ${id} returning last_seq as seq`);
  const workspaceSeq = (tx: Tx, id: string) =>
    first(
      tx,
      sql`update workspace_heads set last_seq = last_seq + 1 where workspace_id = ${id} returning last_seq as seq`,
    );
  const chatRow = ({ id, workspaceId }: Place, seq: number) => ({ workspaceId, chatId: id, chatSeq: seq });

  const world: World = {
    database,
    db,
    notify: (options, env) =>
      startNotify(
        testConfig('notify', {
          FECHATTER_DATABASE_URL: database.url,
          FECHATTER_ENCRYPTION_KEYS: `1:${ringKey.toString('base64')}`,
          FECHATTER_LOG_LEVEL: process.env.NOTIFY_TEST_LOG ?? 'silent',
          ...env,
        }),
        options,
      ),
    async person(name = 'someone') {
      const id = randomUUID();
      await db.pool.query(`insert into users (id, email, full_name, password_hash) values ($1, $2, $3, 'none')`, [
        id,
        `${id}@example.com`,
        name,
      ]);
      return { id, ...(await world.session(id)) };
    },
    async session(userId, expiresInSeconds = 3_600) {
      const sessionId = randomUUID();
      await db.pool.query(
        `insert into sessions (id, user_id, refresh_hash, expires_at)
         values ($1, $2, '\\x00', now() + make_interval(secs => $3))`,
        [sessionId, userId, expiresInSeconds],
      );
      const nowSeconds = Math.floor(Date.now() / 1_000);
      const token = await keys.sign({
        sub: userId,
        sid: sessionId,
        iss: 'fechatter',
        aud: 'fechatter',
        iat: nowSeconds,
        exp: nowSeconds + 900,
      });
      return { sessionId, token };
    },
    async workspace(...people) {
      const id = randomUUID();
      await change(async (tx) => {
        await tx.execute(sql`insert into workspaces (id, name) values (${id}, 'a workspace')`);
        await tx.execute(sql`insert into workspace_heads (workspace_id) values (${id})`);
      });
      for (const person of people) await world.joinWorkspace(id, person);
      return id;
    },
    joinWorkspace: (workspaceId, person) =>
      change(async (tx) => {
        const seq = await workspaceSeq(tx, workspaceId);
        await tx.execute(sql`insert into workspace_members (workspace_id, user_id, role, joined_seq)
          values (${workspaceId}, ${person.id}, 'Member', ${seq})`);
        const kind = 'workspace.memberJoined';
        await appendEvents(tx, [
          { kind, workspaceId, workspaceSeq: seq, subjectId: person.id, facts: { role: 'Member' } },
        ]);
      }),
    leaveWorkspace: (workspaceId, person) =>
      change(async (tx) => {
        const seq = await workspaceSeq(tx, workspaceId);
        const { rows } = await tx.execute<{ id: string }>(sql`select m.chat_id as id from chat_members m
          join chat_heads h on h.chat_id = m.chat_id
          where h.workspace_id = ${workspaceId} and m.user_id = ${person.id} and m.left_seq is null order by 1`);
        await tx.execute(sql`update workspace_members set left_seq = ${seq}
          where workspace_id = ${workspaceId} and user_id = ${person.id} and left_seq is null`);
        for (const { id } of rows) await endMembership(tx, { id, workspaceId }, person);
        await appendEvents(tx, [
          { kind: 'workspace.memberLeft', workspaceId, workspaceSeq: seq, subjectId: person.id },
        ]);
      }),
    async chat(workspaceId, people, chatType = 'Group') {
      const chat = { id: randomUUID(), workspaceId };
      const [low, high] = people.map(({ id }) => id).sort();
      await change(async (tx) => {
        const isPublic = chatType === 'PublicChannel';
        const shownAt = isPublic ? { workspaceSeq: await workspaceSeq(tx, workspaceId) } : {};
        await tx.execute(sql`insert into chats (id, workspace_id, chat_type, name, version, creator_id, single_low, single_high)
          values (${chat.id}, ${workspaceId}, ${chatType}, 'a chat', 1, ${people[0]?.id},
            ${chatType === 'Single' ? low : null}, ${chatType === 'Single' ? high : null})`);
        await tx.execute(sql`insert into chat_heads (chat_id, workspace_id, chat_type, last_seq)
          values (${chat.id}, ${workspaceId}, ${chatType}, 1)`);
        for (const { id } of people)
          await tx.execute(sql`insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
            values (${chat.id}, ${id}, 'Member', 1, 0, 0)`);
        await appendEvents(tx, [{ kind: 'chat.created', ...chatRow(chat, 1), ...shownAt }]);
      });
      return chat;
    },
    join: (chat, person) =>
      change(async (tx) => {
        const seq = await chatSeq(tx, chat.id);
        await tx.execute(sql`insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
          values (${chat.id}, ${person.id}, 'Member', ${seq}, 0, 0)`);
        const facts = { role: 'Member' };
        await appendEvents(tx, [{ kind: 'member.joined', ...chatRow(chat, seq), subjectId: person.id, facts }]);
      }),
    leave: (chat, person) => change((tx) => endMembership(tx, chat, person)),
    deleteChat: (chat, isPublic = false) =>
      change(async (tx) => {
        const shownAt = isPublic ? { workspaceSeq: await workspaceSeq(tx, chat.workspaceId) } : {};
        const seq = await chatSeq(tx, chat.id);
        await tx.execute(sql`update chats set deleted_at = now() where id = ${chat.id}`);
        await tx.execute(
          sql`update chat_members set left_seq = ${seq} where chat_id = ${chat.id} and left_seq is null`,
        );
        await appendEvents(tx, [{ kind: 'chat.deleted', ...chatRow(chat, seq), ...shownAt }]);
      }),
    deleteWorkspace: (workspaceId) =>
      change(async (tx) => {
        const seq = await workspaceSeq(tx, workspaceId);
        await tx.execute(sql`update workspaces set deleted_at = now() where id = ${workspaceId}`);
        await tx.execute(
          sql`update workspace_members set left_seq = ${seq} where workspace_id = ${workspaceId} and left_seq is null`,
        );
        await appendEvents(tx, [{ kind: 'workspace.deleted', workspaceId, workspaceSeq: seq }]);
      }),
    async send(chat, person, content) {
      const id = randomUUID();
      await sendAll(chat, person, [{ id, content }]);
      return id;
    },
    sendMany: (chat, person, count, content) =>
      sendAll(
        chat,
        person,
        Array.from({ length: count }, (_, i) => ({ id: randomUUID(), content: content ?? `message ${i}` })),
      ),
    edit: (chat, messageId, content) =>
      change(async (tx) => {
        const seq = await chatSeq(tx, chat.id);
        await tx.execute(sql`update messages set body = ${cipher.seal(chat.id, messageId, content)}, version = ${seq}, edited_at = now()
          where id = ${messageId}`);
        await appendEvents(tx, [{ kind: 'message.updated', ...chatRow(chat, seq), subjectId: messageId }]);
      }),
    revoke: (person) =>
      change(async (tx) => {
        await tx.execute(sql`update sessions set revoked_at = now() where id = ${person.sessionId}`);
        await appendEvents(tx, [{ kind: 'session.revoked', userId: person.id, subjectId: person.sessionId }]);
      }),
    tell: (...happenings) => change((tx) => appendEvents(tx, happenings)),
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };

  const sendAll = async (
    chat: Place,
    person: Person,
    texts: readonly { id: string; content: string }[],
  ): Promise<void> => {
    const { rows } = await db.pool.query<{ outcome: number }>(
      `select outcome from send_messages($1, $2, $3, $4, $5, $6, 'wait', 0)`,
      [
        texts.map(() => chat.id),
        texts.map(() => person.id),
        texts.map(() => randomUUID()),
        texts.map(({ id }) => id),
        texts.map(({ id, content }) => cipher.seal(chat.id, id, content)),
        texts.map(() => Buffer.of(0)),
      ],
    );
    const refused = rows.find(({ outcome }) => outcome !== 0);
    if (refused !== undefined) throw new Error(`send: outcome ${refused.outcome}`);
    bell.ring();
  };
  const endMembership = async (tx: Tx, chat: Place, person: Person): Promise<void> => {
    const seq = await chatSeq(tx, chat.id);
    await tx.execute(sql`update chat_members set left_seq = ${seq}
      where chat_id = ${chat.id} and user_id = ${person.id} and left_seq is null`);
    await appendEvents(tx, [{ kind: 'member.left', ...chatRow(chat, seq), subjectId: person.id }]);
  };
  return world;
}
