import { canSee, codeOf, type LogRow, type Memberships, type Period } from '@fechatter/contract';
import { createMessageCipher, type LogEntry } from '@fechatter/drizzle';
import { expect, test } from 'vitest';
import { WriteTurn } from '../outlet/write-turn.ts';
import type { Frame } from '../wire/frame.ts';
import type { Connection } from './connection.ts';
import { Hub } from './hub.ts';
import { scopeOf, type StoredPeriod } from './membership-index.ts';

const USERS = ['u0', 'u1', 'u2', 'u3'];
const kinds = {
  opens: { chat: 'member.joined', workspace: 'workspace.memberJoined' },
  ends: { chat: 'member.left', workspace: 'workspace.memberLeft' },
  ends_all: { chat: 'chat.deleted', workspace: 'workspace.deleted' },
} as const;

interface Row extends LogRow {
  readonly effect: 'opens' | 'opens_all' | 'ends' | 'ends_all' | undefined;
  readonly opensFor: readonly string[];
}

/** Numbers that look random and are the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state >>> 8) & 0xffff) % below;
  };
}

/** A history of joins, leaves, rejoins, deletions and messages, as heads would have ordered it. */
function history(seed: number, length: number): Row[] {
  const pick = random(seed);
  const seqs = new Map<string, number>();
  const next = (id: string) => {
    const seq = (seqs.get(id) ?? 0) + 1;
    seqs.set(id, seq);
    return seq;
  };
  return Array.from({ length }, (): Row => {
    const workspaceId = `w${pick(2)}`;
    const isChat = pick(3) > 0;
    const chatId = isChat ? `${workspaceId}c${pick(2)}` : null;
    const base = {
      workspaceId,
      chatId,
      chatSeq: chatId === null ? null : next(chatId),
      workspaceSeq: isChat ? null : next(workspaceId),
      userId: null,
      subjectId: USERS[pick(USERS.length)] ?? null,
      facts: {},
      opensFor: [],
    };
    const of = isChat ? 'chat' : 'workspace';
    const dice = pick(24);
    if (dice < 6) return { ...base, code: codeOf(kinds.opens[of]), effect: 'opens' };
    if (dice < 10) return { ...base, code: codeOf(kinds.ends[of]), effect: 'ends' };
    if (dice < 11 && pick(4) === 0) return { ...base, code: codeOf(kinds.ends_all[of]), effect: 'ends_all' };
    if (dice < 13 && isChat)
      return {
        ...base,
        code: codeOf('chat.created'),
        effect: 'opens_all',
        opensFor: USERS.filter(() => pick(2) === 0),
      };
    if (dice < 14) return { ...base, chatSeq: null, workspaceSeq: null, userId: base.subjectId, code: codeOf('chat.read'), effect: undefined }; // biome-ignore format: one line
    return { ...base, code: codeOf(isChat ? 'message.deleted' : 'workspace.memberUpdated'), effect: undefined };
  });
}

/** What these rows make of one person's periods, written down without any index. */
function periodsAfter(rows: readonly Row[], userId: string): StoredPeriod[] {
  let periods: StoredPeriod[] = [];
  for (const row of rows) {
    if (row.effect === undefined) continue;
    const { scope, id, seq } = scopeOf(row);
    const concerns = row.effect === 'ends_all' || (row.effect === 'opens_all' ? row.opensFor.includes(userId) : row.subjectId === userId); // biome-ignore format: one line
    if (!concerns) continue;
    const open = periods.find((period) => period.scope === scope && period.id === id && period.leftSeq === null);
    if (row.effect.startsWith('opens')) {
      if (open === undefined)
        periods.push({ scope, id, workspaceId: row.workspaceId ?? '', joinedSeq: seq, leftSeq: null });
    } else periods = periods.map((period) => (period === open ? { ...period, leftSeq: seq } : period));
  }
  return periods;
}

function memberships(userId: string, periods: readonly StoredPeriod[]): Memberships {
  const of = (scope: string) => {
    const byId = new Map<string, Period[]>();
    for (const period of periods.filter((p) => p.scope === scope))
      byId.set(period.id, [...(byId.get(period.id) ?? []), period]);
    return byId;
  };
  return { userId, workspaces: of('workspace'), chats: of('chat'), workspaceOf: (chatId) => chatId.slice(0, 2) };
}

/** The oracle: what passed, and every end that is known beside it. */
function sees(userId: string, passed: readonly Row[], ends: readonly Row[], row: Row): boolean {
  const periods = periodsAfter(passed, userId).map((period) => {
    const later = ends.filter((end) => {
      const at = scopeOf(end);
      const isTheirs = end.effect === 'ends_all' || end.subjectId === userId;
      return isTheirs && at.scope === period.scope && at.id === period.id && at.seq >= period.joinedSeq;
    });
    const first = Math.min(...later.map((end) => scopeOf(end).seq));
    return period.leftSeq === null && later.length > 0 ? { ...period, leftSeq: first } : period;
  });
  return canSee(memberships(userId, periods), row);
}

async function runHistory(seed: number): Promise<number> {
  const pick = random(seed + 7_919);
  const rows = onlySane(history(seed, 150));
  let committed = 0;
  const loads: { userId: string; at: number; resolve: (periods: StoredPeriod[]) => void }[] = [];
  const turn = new WriteTurn();
  const hub = new Hub({
    rendering: { cipher: createMessageCipher([{ id: 1, key: Buffer.alloc(32) }]), onUnreadable: () => {} },
    turn,
    isFresh: () => true,
    loadPeriods: (userId) =>
      new Promise((resolve) => {
        loads.push({ userId, at: committed, resolve });
      }),
    streamsPerSession: 0,
    bufferMaxBytes: 10_000_000,
    onPass: () => {},
    onUnknown: () => {},
  });
  hub.start({ pos: 0, nonce: 0 });
  const expected = new Map<string, number[]>(USERS.map((userId) => [userId, []]));
  const got = new Map<string, number[]>(USERS.map((userId) => [userId, []]));
  const knownEnds = new Set<Row>();
  const joined = new Map<string, { connection: Connection; from: number; isLive: boolean }>();
  let passed = 0;

  const settle = async (load: (typeof loads)[number]) => {
    const reader = joined.get(load.userId);
    load.resolve(periodsAfter(rows.slice(0, load.at), load.userId));
    await reader?.connection.reader.loading;
    reader?.connection.goLive();
    for (const row of rows.slice(0, load.at)) if (row.effect?.startsWith('ends')) knownToReader(load.userId).add(row);
    if (reader !== undefined) {
      reader.isLive = true;
      for (let i = reader.from; i < passed; i++) expect1(load.userId, i);
    }
  };
  const knownOf = new Map<string, Set<Row>>();
  const knownToReader = (userId: string) => {
    const known = knownOf.get(userId) ?? new Set<Row>();
    knownOf.set(userId, known);
    return known;
  };
  const expect1 = (userId: string, i: number) => {
    const row = rows[i];
    const ends = [...knownEnds, ...knownToReader(userId)];
    // What a reader knows when a row is judged: everything passed up to now, and every end it was told of.
    if (row !== undefined && sees(userId, rows.slice(0, i + 1), ends.concat(rows.slice(0, passed).filter((r) => r.effect?.startsWith('ends'))), row)) expected.get(userId)?.push(i + 1); // biome-ignore format: one line
  };

  while (passed < rows.length) {
    const dice = pick(10);
    const userId = USERS[pick(USERS.length)] ?? '';
    if (dice < 3) committed = Math.min(rows.length, committed + 1 + pick(6));
    else if (dice < 4 && !joined.has(userId)) {
      const sent = got.get(userId) ?? [];
      const outlet = {
        send: (frame: Frame) => void sent.push(posOf(frame)),
        flush: () => {},
        bytesOf: () => 1,
        drained: async () => true,
        end: () => {},
        cut: () => {},
        onClose: () => {}, // biome-ignore format: short
      };
      joined.set(userId, { connection: hub.register(userId, `s${userId}`, outlet), from: passed, isLive: false });
    } else if (dice < 6 && loads.length > 0) await settle(loads.shift() as (typeof loads)[number]);
    else if (passed < committed) {
      const to = Math.min(committed, passed + 1 + pick(3));
      const cuts = rows
        .slice(0, committed)
        .filter((row, i) => row.effect?.startsWith('ends') && (i >= passed || pick(4) === 0));
      for (const cut of cuts) knownEnds.add(cut);
      const from = passed;
      for (let i = from; i < to; i++) {
        passed = i + 1;
        for (const [id, { isLive }] of joined) if (isLive) expect1(id, i);
      }
      await hub.pass({
        isAnchored: true, xmin: '0', hasMore: false, cuts,
        entries: rows.slice(pick(2) === 0 ? from : 0, to).map((row) => entryOf(row, rows.indexOf(row) + 1)),
      }); // biome-ignore format: short
    }
  }
  for (const load of loads) await settle(load);
  for (const userId of USERS)
    expect({ seed, userId, got: got.get(userId) }).toEqual({ seed, userId, got: expected.get(userId) });
  return [...got.values()].flat().length;
}

/** Without what the write door never allows: joining twice, a chat before its workspace, anything after a deletion. */
function onlySane(rows: readonly Row[]): Row[] {
  const kept: Row[] = [];
  const seqs = new Map<string, number>();
  const over = new Set<string>();
  for (const row of rows) {
    const { scope, id } = scopeOf(row);
    const workspaceId = row.workspaceId ?? '';
    const open = (userId: string) => periodsAfter(kept, userId).filter((period) => period.leftSeq === null);
    const isIn = (userId: string, place: string) => open(userId).some((period) => period.id === place);
    const mayOpen = (userId: string) => !isIn(userId, id) && (scope === 'workspace' || isIn(userId, workspaceId));
    const mayEnd = (userId: string) =>
      isIn(userId, id) &&
      (scope === 'chat' || !open(userId).some((period) => period.scope === 'chat' && period.workspaceId === id));
    const subject = row.subjectId ?? '';
    const opensFor = row.opensFor.filter(mayOpen);
    if (over.has(id) || over.has(workspaceId)) continue;
    if (row.effect === 'opens' && !mayOpen(subject)) continue;
    if (row.effect === 'ends' && !mayEnd(subject)) continue;
    if (row.effect === 'opens_all' && USERS.some((userId) => isIn(userId, id))) continue;
    if (row.effect === 'ends_all') over.add(id);
    if (row.userId !== null) kept.push(row);
    else {
      const seq = (seqs.get(id) ?? 0) + 1;
      seqs.set(id, seq);
      kept.push({ ...row, opensFor, ...(scope === 'chat' ? { chatSeq: seq } : { workspaceSeq: seq }) });
    }
  }
  return kept;
}

function entryOf(row: Row, pos: number): LogEntry {
  return { ...row, pos, nonce: pos, createdAt: new Date(0), message: undefined, chat: undefined, user: undefined, workspace: undefined }; // biome-ignore format: one line
}

function posOf(frame: Frame): number {
  return Number(Buffer.from(frame.tracked?.token ?? '', 'base64url').readBigUInt64BE(1));
}

test('whoever canSee says, and nobody else, over random histories with early cuts and readers that come and load late', async () => {
  let delivered = 0;
  for (let seed = 1; seed <= 400; seed++) delivered += await runHistory(seed);
  expect(delivered).toBeGreaterThan(4_000);
});
