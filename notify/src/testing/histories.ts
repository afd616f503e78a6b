import { canSee, codeOf, type LogRow, type Memberships, type Period } from '@fechatter/contract';
import { scopeOf, type StoredPeriod } from '../hub/membership-index.ts';

/** The people in the histories. */
export const USERS = ['u0', 'u1', 'u2', 'u3'];
const kinds = {
  opens: { chat: 'member.joined', workspace: 'workspace.memberJoined' },
  ends: { chat: 'member.left', workspace: 'workspace.memberLeft' },
  ends_all: { chat: 'chat.deleted', workspace: 'workspace.deleted' },
} as const;

type HistoryPeriod = Omit<StoredPeriod, 'leftAtMs'>;

/** A row of a made-up log. */
export interface Row extends LogRow {
  readonly effect: 'opens' | 'opens_all' | 'ends' | 'ends_all' | undefined;
  readonly opensFor: readonly string[];
}

/** Pseudo-random numbers, the same for the same seed. */
export function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state >>> 8) & 0xffff) % below;
  };
}

/** A random sequence of joins, leaves, deletions and messages. */
function anything(seed: number, length: number): Row[] {
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

/** One person's periods after these rows, computed without an index. */
export function periodsAfter(rows: readonly Row[], userId: string): HistoryPeriod[] {
  let periods: HistoryPeriod[] = [];
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

function memberships(userId: string, periods: readonly HistoryPeriod[]): Memberships {
  const of = (scope: string) => {
    const byId = new Map<string, Period[]>();
    for (const period of periods.filter((p) => p.scope === scope))
      byId.set(period.id, [...(byId.get(period.id) ?? []), period]);
    return byId;
  };
  return { userId, workspaces: of('workspace'), chats: of('chat'), workspaceOf: (chatId) => chatId.slice(0, 2) };
}

/** The oracle: from the rows that were passed on, and every end that is known besides. */
export function sees(userId: string, passed: readonly Row[], ends: readonly Row[], row: Row): boolean {
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

/**
 * A history that the server could have written: no one joins twice, or a chat before its workspace, and nothing follows
 * a deletion.
 */
export function history(seed: number, length: number): Row[] {
  const rows = anything(seed, length);
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

/** Whether a row is a revocation. */
export const isEnd = (row: Row): boolean => row.effect === 'ends' || row.effect === 'ends_all';
