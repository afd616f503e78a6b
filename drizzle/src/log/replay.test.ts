import { canSee, type Cursor, type LogRow, type Memberships, type Period } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chance, chanceOf } from '@fechatter/testing/chance';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { currentCursor } from './read.ts';
import { countMissed, replayWindow } from './replay.ts';

const HISTORIES = 8;
const MOVES = 120;
const CHECKS_EVERY = 40;

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

interface World {
  readonly users: string[];
  readonly workspaces: string[];
  readonly chats: string[];
}
const query = (text: string, ...values: unknown[]) => db.pool.query(text, values);
const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

async function makeWorld(): Promise<World> {
  const world = { users: ids(5), workspaces: ids(2), chats: ids(8) };
  for (const user of world.users) await query('select stage.person($1)', user);
  for (const workspace of world.workspaces) {
    await query('select stage.workspace($1)', workspace);
    for (const user of world.users) await query('select stage.enter_workspace($1, $2)', workspace, user);
    for (const guest of world.users.slice(3)) await query(`select stage.set_role($1, $2, 'Guest')`, workspace, guest);
  }
  for (const [n, chat] of world.chats.entries()) {
    const type = ['Group', 'PublicChannel', 'PrivateChannel', 'Single'][n % 4];
    const members = world.users.slice(0, type === 'Single' ? 2 : 3);
    await query('select stage.chat($1, $2, $3, $4)', chat, world.workspaces[n < 4 ? 0 : 1], type, members);
  }
  return world;
}

async function move({ users, workspaces, chats }: World, chance: Chance): Promise<void> {
  const [user, workspace, chat] = [chance.pick(users), chance.pick(workspaces), chance.pick(chats)];
  const kind = chance.below(100);
  if (kind < 10) await query('select stage.rename_chat($1)', chat);
  else if (kind < 30) await query('select stage.rename_person($1, $2)', workspace, user);
  else if (kind < 35) {
    const role = chance.pick(['Guest', 'Guest', 'Member', 'Admin']);
    await query('select stage.set_role($1, $2, $3)', workspace, user, role);
  } else if (kind < 50) await query('select stage.join_chat($1, $2)', chat, user);
  else if (kind < 65) await query('select stage.leave_chat($1, $2)', chat, user);
  else if (kind < 75) await query('select stage.leave_workspace($1, $2)', workspace, user);
  else if (kind < 90) await query('select stage.enter_workspace($1, $2)', workspace, user);
  else if (kind < 97) await query('select stage.note($1, $2)', user, randomUUID());
  else if (kind < 99) await query('select stage.delete_chat($1)', chat);
  else await query('select stage.delete_workspace($1)', workspace);
}

interface PeriodRow {
  readonly id: string;
  readonly joined: number;
  readonly left: number | null;
  readonly is_guest: boolean;
  readonly guest_seq: number | null;
}

async function periodsOf(table: 'chat' | 'workspace', user: string): Promise<Map<string, Period[]>> {
  const guest = table === 'chat' ? 'false, null::bigint' : "role = 'Guest', guest_seq";
  const { rows } = await db.pool.query<PeriodRow>(
    `select ${table}_id as id, joined_seq as joined, left_seq as left, g.* from ${table}_members,
       lateral (select ${guest}) g (is_guest, guest_seq) where user_id = $1 order by joined_seq`,
    [user],
  );
  const periods = new Map<string, Period[]>();
  for (const { id, joined, left, is_guest: isGuest, guest_seq: guestSeq } of rows) {
    const span = isGuest || guestSeq !== null ? { guest: { isGuest, sinceSeq: guestSeq ?? joined } } : {};
    periods.set(id, [...(periods.get(id) ?? []), { joinedSeq: joined, leftSeq: left, ...span }]);
  }
  return periods;
}

async function membershipsOf(userId: string): Promise<Memberships> {
  const { rows } = await db.pool.query<{ chat_id: string; workspace_id: string }>(
    'select chat_id, workspace_id from chat_heads',
  );
  const workspaceByChat = new Map(rows.map(({ chat_id, workspace_id }) => [chat_id, workspace_id]));
  const [chats, workspaces] = [await periodsOf('chat', userId), await periodsOf('workspace', userId)];
  return { userId, chats, workspaces, workspaceOf: (chatId) => workspaceByChat.get(chatId) };
}

async function everything(): Promise<(LogRow & Cursor)[]> {
  const { rows } = await db.pool.query<LogRow & Cursor>(
    `select o.pos, o.nonce, e.code, e.workspace_id as "workspaceId", e.workspace_seq as "workspaceSeq",
       e.chat_id as "chatId", e.chat_seq as "chatSeq", e.user_id as "userId", e.subject_id as "subjectId", e.facts
     from log_order o join event_log e on e.id = o.event_id order by o.pos`,
  );
  return rows;
}

async function replay(userId: string, from: Cursor, end: number, chance: Chance): Promise<number[]> {
  const seen: number[] = [];
  for (let at = from; at.pos < end; ) {
    const window = await replayWindow(db.pool, userId, at, Math.min(end, at.pos + 1 + chance.below(60)));
    expect(window).toMatchObject({ isAnchored: true, isComplete: true });
    seen.push(...window.entries.map(({ pos }) => pos));
    at = window.through;
  }
  return seen;
}

test.each(Array.from({ length: HISTORIES }, (_, n) => n + 1))(
  'replay and live delivery show everyone the same of a random past (%i)',
  async (seed) => {
    const chance = chanceOf(seed);
    await query('select log_reset()');
    const start = await currentCursor(db.pool);
    const world = await makeWorld();
    for (let n = 1; n <= MOVES; n++) {
      await move(world, chance);
      if (chance.hits(0.1)) await query('select log_step()');
      if (n % CHECKS_EVERY !== 0) continue;
      await query('select log_step()');
      const rows = await everything();
      const end = rows.length;
      for (const userId of world.users) {
        const who = await membershipsOf(userId);
        const from = chance.pick([start, ...rows]);
        const expected = rows.filter((row) => row.pos > from.pos && canSee(who, row)).map(({ pos }) => pos);
        expect(await replay(userId, from, end, chance)).toEqual(expected);
        expect(await countMissed(db.pool, userId, from.pos, end, 1_000)).toBe(expected.length);
        const some = chance.below(10);
        expect(await countMissed(db.pool, userId, from.pos, end, some)).toBe(Math.min(expected.length, some + 1));
      }
    }
  },
);

test('a Guest who joins a chat does not receive earlier events about its people', async () => {
  const [staff = '', first = '', second = ''] = ids(3);
  const [workspace, chat] = ids(2);
  await query('select stage.workspace($1)', workspace);
  for (const user of [staff, first, second]) {
    await query('select stage.person($1)', user);
    await query('select stage.enter_workspace($1, $2)', workspace, user);
  }
  for (const guest of [first, second]) await query(`select stage.set_role($1, $2, 'Guest')`, workspace, guest);
  await query(`select stage.chat($1, $2, 'Group', $3)`, chat, workspace, [staff, first]);
  await query('select log_step()');
  const from = await currentCursor(db.pool);
  await query('select stage.rename_person($1, $2)', workspace, staff);
  await query('select stage.join_chat($1, $2)', chat, second);
  await query('select stage.rename_person($1, $2)', workspace, staff);
  await query('select log_step()');
  const end = (await currentCursor(db.pool)).pos;
  const chance = chanceOf(1);
  expect(await replay(first, from, end, chance)).toEqual([end - 2, end - 1, end]);
  expect(await replay(second, from, end, chance)).toEqual([end - 1, end]);
});
