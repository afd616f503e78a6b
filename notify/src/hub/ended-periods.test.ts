import type { LogEntry } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { history, isEnd, periodsAfter, random, type Row, sees, USERS } from '../testing/histories.ts';
import { keepingTransport, madeUpHub, posOf } from '../testing/made-up-hub.ts';
import type { Frame } from '../wire/frame.ts';
import { COMMITTED_WITHIN_MS, ENDED_MAX, EndedPeriods } from './ended-periods.ts';
import { scopeOf, type StoredMemberships } from './membership-index.ts';

const endedAt = (n: number) => ({ scope: 'chat' as const, id: 'c', leftSeq: n, leftAtMs: n * 1_000 });

test('of many ended memberships the newest are remembered, and a token from before them is recognised', () => {
  const ended = new EndedPeriods();
  ended.begin([], Number.NEGATIVE_INFINITY, false);
  const kept = new Set<number>();
  let most = 0;
  for (let n = 1; n <= 100_000; n++) {
    kept.add(n);
    for (const { leftSeq } of ended.add(endedAt(n))) kept.delete(leftSeq);
    most = Math.max(most, kept.size);
  }
  expect(most).toBeLessThanOrEqual(2 * ENDED_MAX);
  const oldest = Math.min(...kept);
  expect(kept.size).toBeGreaterThanOrEqual(ENDED_MAX);
  expect(ended.isCut).toBe(true);
  expect(ended.afterMs).toBe((oldest - 1) * 1_000);
  expect(ended.covers((oldest - 1) * 1_000)).toBe(false);
  expect(ended.covers((oldest - 1) * 1_000 + COMMITTED_WITHIN_MS)).toBe(true);
});

test('a membership whose row may not be delivered yet is not forgotten, however many there are', () => {
  const ended = new EndedPeriods();
  ended.begin([], 0, false);
  for (let n = 1; n <= 5_000; n++) {
    const forgotten = ended.add({ ...endedAt(n), leftAtMs: n * (COMMITTED_WITHIN_MS / 10_000) });
    if (forgotten.length > 0) throw new Error('it is forgotten');
  }
  expect(ended.isCut).toBe(false);
});

const ROW_MS = 5_000;
const entryOf = (row: Row, pos: number): LogEntry => ({
  ...row,
  nouns: {},
  pos,
  nonce: pos,
  createdAt: new Date(pos * ROW_MS),
});

/** The memberships that a read returns for a person, with at most the newest `most` that ended. */
function readOf(rows: readonly Row[], userId: string, most: number): StoredMemberships {
  const all = periodsAfter(rows, userId);
  const leftAtMs = ({ scope, id, leftSeq }: (typeof all)[number]) => {
    const at = rows.findIndex((row) => {
      const place = scopeOf(row);
      return isEnd(row) && place.scope === scope && place.id === id && place.seq === leftSeq;
    });
    return leftSeq === null ? null : (at + 1) * ROW_MS;
  };
  const periods = all.map((period) => ({ ...period, leftAtMs: leftAtMs(period) }));
  const ended = periods.filter((period) => period.leftAtMs !== null);
  ended.sort((a, b) => (a.leftAtMs ?? 0) - (b.leftAtMs ?? 0));
  const left = ended.slice(0, Math.max(0, ended.length - most));
  return {
    periods: [...ended.slice(left.length), ...periods.filter((period) => period.leftAtMs === null)],
    endedAfterMs: left.at(-1)?.leftAtMs ?? Number.NEGATIVE_INFINITY,
    isCut: left.length > 0,
    readAtMs: rows.length * ROW_MS,
  };
}

test('a person with more ended memberships than are read receives the rest, or the stream is cut', async () => {
  const outcomes = { received: 0, cut: 0 };
  for (let seed = 1; seed <= 200; seed++) {
    const pick = random(seed);
    const rows = history(seed, 150);
    const userId = USERS[pick(USERS.length)] ?? '';
    const [passed, read] = [pick(rows.length), pick(rows.length)].sort((a, b) => a - b) as [number, number];
    const hub = madeUpHub({ loadMemberships: () => Promise.resolve(readOf(rows.slice(0, read), userId, pick(3))) });
    hub.start({ pos: passed, nonce: passed });
    const got: Frame[] = [];
    const { connection } = hub.register(userId, 'a session', keepingTransport(got));
    await connection.reader.loading;
    connection.goLive();
    const ends = rows.slice(0, read).filter(isEnd);
    for (let at = passed; at < rows.length; at++) {
      const row = rows[at];
      if (row === undefined || connection.isGone()) break;
      if (isEnd(row)) ends.push(row);
      const entries = [entryOf(row, at + 1)];
      await hub.pass({ isAnchored: true, snapshot: '1:1:', hasMore: false, revocations: ends, entries });
    }
    const reached = connection.isGone() ? Math.max(passed, ...got.map(posOf)) : rows.length;
    const isOwed = (row: Row, at: number) => at >= passed && at < reached && sees(userId, rows.slice(0, at + 1), [...rows.slice(0, read).filter(isEnd), ...rows.slice(0, at + 1).filter(isEnd)], row); // biome-ignore format: one line
    const owed = rows.flatMap((row, at) => (isOwed(row, at) ? [at + 1] : []));
    expect({ seed, got: got.map(posOf) }).toEqual({ seed, got: owed });
    outcomes[connection.isGone() ? 'cut' : 'received']++;
  }
  expect(outcomes.received).toBeGreaterThan(50);
  expect(outcomes.cut).toBeGreaterThan(5);
});
