import { testDatabase } from '@fechatter/drizzle/testing';
import { chanceOf } from '@fechatter/testing/chance';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { workspaceLines } from './workspace-lines.ts';

const database = await testDatabase();
afterAll(() => database[Symbol.asyncDispose]());

interface Line {
  readonly id: string;
  readonly scopeId: string;
  readonly atMs: number;
}
interface Period {
  readonly workspaceId: string;
  readonly userId: string;
  readonly joinedMs: number;
  readonly leftMs: number | null;
}
const START_MS = Date.parse('2026-06-01T00:00:00Z');

/** An id made by a process whose clock is off by a second at most. */
function idAt(atMs: number, offMs: number, n: number): string {
  const hex = (atMs + offMs).toString(16).padStart(12, '0') + '7'.padEnd(4, '0') + n.toString(16).padStart(16, '8');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

async function write(people: readonly string[], periods: readonly Period[], lines: readonly Line[]): Promise<void> {
  await database.query(
    `insert into users (id, email, full_name, password_hash) select u, u || '@example.com', 'A', 'none' from unnest($1::uuid[]) u`,
    [people],
  );
  await database.query(`insert into workspaces (id, name) select distinct w, 'w' from unnest($1::uuid[]) w`, [
    periods.map(({ workspaceId }) => workspaceId),
  ]);
  await database.query(
    `insert into workspace_members (workspace_id, user_id, role, joined_seq, left_seq, joined_at, left_at)
     select (p ->> 'workspaceId')::uuid, (p ->> 'userId')::uuid, 'Member', 2 * n, case when p ->> 'leftMs' is not null then 2 * n + 1 end,
       to_timestamp((p ->> 'joinedMs')::float8 / 1000), to_timestamp((p ->> 'leftMs')::float8 / 1000)
     from jsonb_array_elements($1::jsonb) with ordinality e (p, n)`,
    [JSON.stringify(periods)],
  );
  await database.query(
    `insert into audit_log (scope_id, id, action, created_at)
     select (l ->> 'scopeId')::uuid, (l ->> 'id')::uuid, 'account.signedIn', to_timestamp((l ->> 'atMs')::float8 / 1000)
     from jsonb_array_elements($1::jsonb) l`,
    [JSON.stringify(lines)],
  );
}

const textOf = (order: 'newest first' | 'oldest first') =>
  `with scope as materialized (select $1::uuid as id), lines as (${workspaceLines(order, { scope: 'scope', place: '$2::uuid', limit: '$3::int' })})
   select * from lines order by id ${order === 'newest first' ? 'desc' : ''}`;

/** All lines, page by page. */
async function read(order: 'newest first' | 'oldest first', workspaceId: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let place =
    order === 'newest first' ? 'ffffffff-ffff-ffff-ffff-ffffffffffff' : '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await database.query<{ id: string }>(textOf(order), [workspaceId, place, limit]);
    found.push(...page.map(({ id }) => id));
    place = found.at(-1) ?? place;
    if (page.length < limit) return found;
  }
}

test('pages of any size have each line of the workspace and of its members’ time in it once and in order', async () => {
  const chance = chanceOf(20_261_130);
  const people = Array.from({ length: 12 }, () => randomUUID());
  const workspaces = [randomUUID(), randomUUID()];
  const periods = people.flatMap((userId) =>
    workspaces.flatMap((workspaceId): Period[] => {
      const ends = Array.from({ length: 1 + chance.below(5) }, () => START_MS + chance.below(86_400_000)).sort(
        (a, b) => a - b,
      );
      return ends.flatMap((joinedMs, n) =>
        n % 2 === 0 ? { workspaceId, userId, joinedMs, leftMs: ends[n + 1] ?? null } : [],
      );
    }),
  );
  let lines = Array.from({ length: 400 }, (_, n): Line => {
    const atMs = START_MS + chance.below(86_400_000);
    const scopeId = chance.below(4) === 0 ? chance.pick(workspaces) : chance.pick(people);
    return { id: idAt(atMs, chance.below(2_000) - 1_000, n), scopeId, atMs };
  });
  // As an earlier release wrote them: a line, and a copy of it in the workspace.
  lines = lines.flatMap((line, n) => (n % 17 === 0 ? [line, { ...line, scopeId: workspaces[0] ?? '' }] : line));
  lines = [...new Map(lines.map((line) => [`${line.scopeId} ${line.id}`, line])).values()];
  await write(people, periods, lines);
  for (const workspaceId of workspaces) {
    const isOf = ({ scopeId, atMs }: Line) =>
      scopeId === workspaceId ||
      periods.some(
        (period) =>
          period.workspaceId === workspaceId &&
          period.userId === scopeId &&
          atMs >= period.joinedMs &&
          atMs <= (period.leftMs ?? atMs),
      );
    const expected = [...new Set(lines.filter(isOf).map(({ id }) => id))].sort();
    expect(expected.length).toBeGreaterThan(100);
    for (const limit of [7, 101]) {
      expect(await read('oldest first', workspaceId, limit)).toEqual(expected);
      expect(await read('newest first', workspaceId, limit)).toEqual(expected.toReversed());
    }
  }
});

test('a page reads one line per person, and those of no more people than its size', async () => {
  const people = Array.from({ length: 300 }, () => randomUUID());
  const workspaceId = randomUUID();
  const joined = { workspaceId, joinedMs: START_MS, leftMs: null };
  const lines = people.flatMap((scopeId, person) =>
    Array.from({ length: 60 }, (_, n): Line => {
      const atMs = START_MS + 1_000 * (60 * person + n);
      return { id: idAt(atMs, 0, n), scopeId, atMs };
    }),
  );
  await write(
    people,
    people.map((userId) => ({ ...joined, userId })),
    lines,
  );
  await database.query('analyze');
  const limit = 10;
  const [plan] = await database.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (analyze, format json) ${textOf('newest first')
      .replaceAll('$1', `'${workspaceId}'`)
      .replaceAll('$2', `'ffffffff-ffff-ffff-ffff-ffffffffffff'`)
      .replaceAll('$3', String(limit))}`,
  );
  const scans = scansOf(plan?.['QUERY PLAN'][0].Plan);
  expect(scans.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
  const rows = scans.reduce((sum, node) => sum + node['Actual Rows'] * node['Actual Loops'], 0);
  expect(rows).toBeGreaterThanOrEqual(people.length);
  expect(rows).toBeLessThanOrEqual(people.length + limit * limit + limit);
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}
/** The scans of the audit log in a plan. */
function scansOf(node: PlanNode | undefined): PlanNode[] {
  if (node === undefined) return [];
  return [...(node['Relation Name'] === 'audit_log' ? [node] : []), ...(node.Plans ?? []).flatMap(scansOf)];
}
