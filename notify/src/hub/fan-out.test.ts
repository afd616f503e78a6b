import type { LogEntry } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { history, isEnd, periodsAfter, random, type Row, sees, USERS } from '../testing/histories.ts';
import { keepingTransport, madeUpHub, membershipsOf, posOf } from '../testing/made-up-hub.ts';
import type { Frame } from '../wire/frame.ts';
import type { Connection } from './connection.ts';
import type { StoredMemberships } from './membership-index.ts';

/** A person with a stream: attaching, then with periods, then live. */
interface Follower {
  readonly connection: Connection;
  /** How many rows had been passed on when it registered, and were committed when its periods were read. */
  readonly from: number;
  readonly snapshot: number;
  readonly resolve: (memberships: StoredMemberships) => void;
  readonly got: Frame[];
  readonly expected: number[];
  phase: 'loading' | 'loaded' | 'live';
}

async function runHistory(seed: number): Promise<number> {
  const pick = random(seed + 7_919);
  const rows = history(seed, 150);
  const followers = new Map<string, Follower>();
  const received = new Set<Row>();
  let [committed, passed] = [0, 0];
  let resolveNext: Follower['resolve'] = () => {};
  const hub = madeUpHub({ loadMemberships: () => new Promise((resolve) => (resolveNext = resolve)) });

  /** The rule's verdict from the rows that were passed on, the revocations, and the ends in this person's read. */
  const expectRow = (userId: string, { snapshot, expected }: Follower, at: number) => {
    const row = rows[at];
    const ends = [...received, ...rows.slice(0, Math.max(snapshot, passed)).filter(isEnd)];
    if (row !== undefined && sees(userId, rows.slice(0, at + 1), ends, row)) expected.push(at + 1);
  };
  const register = (userId: string) => {
    const got: Frame[] = [];
    const { connection } = hub.register(userId, `session of ${userId}`, keepingTransport(got));
    const resolve = resolveNext;
    followers.set(userId, {
      connection,
      from: passed,
      snapshot: committed,
      resolve,
      got,
      expected: [],
      phase: 'loading',
    });
  };
  const load = async (userId: string, follower: Follower) => {
    follower.resolve(membershipsOf(periodsAfter(rows.slice(0, follower.snapshot), userId)));
    await follower.connection.reader.loading;
    follower.phase = 'loaded';
  };
  const goLive = (userId: string, follower: Follower) => {
    follower.connection.goLive();
    follower.phase = 'live';
    for (let at = follower.from; at < passed; at++) expectRow(userId, follower, at);
  };
  const pass = async () => {
    const from = passed;
    const to = Math.min(committed, from + 1 + pick(3));
    const revocations = rows.slice(0, committed).filter((row, at) => isEnd(row) && (at >= from || pick(4) === 0));
    for (const row of revocations) received.add(row);
    for (; passed < to; ) {
      passed++;
      for (const [id, follower] of followers) if (follower.phase === 'live') expectRow(id, follower, passed - 1);
    }
    const again = pick(2) === 0 ? 0 : from;
    const entries = rows.slice(again, to).map((row, at) => entryOf(row, again + at + 1));
    await hub.pass({ isAnchored: true, snapshot: '1:1:', hasMore: false, revocations, entries });
  };

  while (passed < rows.length) {
    const dice = pick(10);
    const userId = USERS[pick(USERS.length)] ?? '';
    const follower = followers.get(userId);
    if (dice < 3) committed = Math.min(rows.length, committed + 1 + pick(6));
    else if (dice < 6) {
      if (follower === undefined) register(userId);
      else if (follower.phase === 'loading') await load(userId, follower);
      else if (follower.phase === 'loaded') goLive(userId, follower);
    } else if (passed < committed) await pass();
  }
  let deliveries = 0;
  for (const [userId, follower] of followers) {
    if (follower.phase === 'loading') await load(userId, follower);
    if (follower.phase === 'loaded') goLive(userId, follower);
    expect({ seed, userId, got: follower.got.map(posOf) }).toEqual({ seed, userId, got: follower.expected });
    deliveries += follower.got.length;
  }
  return deliveries;
}

function entryOf(row: Row, pos: number): LogEntry {
  return { ...row, nouns: {}, pos, nonce: pos, createdAt: new Date(0) };
}

test('exactly the readers that canSee names receive a row, over random histories with early revocations and late readers', async () => {
  let deliveries = 0;
  for (let seed = 1; seed <= 150; seed++) deliveries += await runHistory(seed);
  expect(deliveries).toBeGreaterThan(1_000);
});
