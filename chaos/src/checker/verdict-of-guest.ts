import type { TruePeriod, TrueRow, Truth } from './truth.ts';
import type { Verdict } from './verdict.ts';

const WORKSPACE_UPDATED = 20;
const WORKSPACE_JOINED = 21;
const ROLE_CHANGED = 22;
const USER_UPDATED = 23;
const EMOJI_UPDATED = 25;
const WORKSPACE_DELETED = 33;
/** Rows of the workspace that are for Guests too. */
const FOR_GUESTS: ReadonlySet<number> = new Set([WORKSPACE_UPDATED, EMOJI_UPDATED, WORKSPACE_DELETED]);
/** A row that was written while a person left may be numbered after their leaving. */
const LEAVING_POSITIONS = 200;

/**
 * What a present or former Guest sees of a row of their workspace; undefined if the rule for members applies: they were
 * no Guest at the row and have not been one since. `verdict` is the verdict for members.
 */
export function verdictOfGuest(truth: Truth, userId: string, row: TrueRow, verdict: Verdict): Verdict | undefined {
  const became = becameGuest(truth, userId, row);
  if (became === undefined) return undefined;
  if (row.subjectId === userId || FOR_GUESTS.has(row.code)) return verdict;
  const found = row.chatId === null ? byShared(truth, userId, row) : byChat(truth, userId, row);
  const isGuest = became.pos <= row.pos;
  if (verdict.is !== 'must') return isGuest && found.is === 'never' ? found : undefined;
  if (isGuest) return found;
  // They saw it as a member, until they became a Guest.
  return found.is === 'must' && row.chatId !== null ? found : { is: 'may', endedBy: became };
}

/**
 * The row that made them a Guest: the last one before `row` if they were a Guest then, otherwise the first one after
 * it; undefined if they were no Guest then and have not been one since.
 */
function becameGuest(truth: Truth, userId: string, row: TrueRow): TrueRow | undefined {
  let current: TrueRow | undefined;
  for (const other of rolesOf(truth, `${row.workspaceId} ${userId}`)) {
    if (other.pos > row.pos && current !== undefined) return current;
    if (other.role === 'Guest') {
      if (other.pos > row.pos) return other;
      current = other;
    } else if (other.pos <= row.pos) current = undefined;
  }
  return current;
}

/** A person's roles in a workspace over time. */
const roles = new WeakMap<Truth, Map<string, TrueRow[]>>();
function rolesOf(truth: Truth, key: string): readonly TrueRow[] {
  let known = roles.get(truth);
  if (known === undefined) {
    known = new Map();
    for (const row of truth.rows) {
      if (row.code !== WORKSPACE_JOINED && row.code !== ROLE_CHANGED) continue;
      const of = `${row.workspaceId} ${row.subjectId}`;
      known.set(of, [...(known.get(of) ?? []), row]);
    }
    roles.set(truth, known);
  }
  return known.get(key) ?? [];
}

/** The verdict by membership in the row's chat. */
function byChat(truth: Truth, userId: string, { chatId, chatSeq }: TrueRow): Verdict {
  const seq = chatSeq ?? 0;
  for (const { joinedSeq, leftSeq } of truth.periods.get(userId)?.get(chatId ?? '') ?? []) {
    if (seq < joinedSeq || (leftSeq !== null && seq > leftSeq)) continue;
    if (leftSeq === null || leftSeq === seq) return { is: 'must' };
    return { is: 'may', endedBy: truth.rowOfSeq(chatId ?? '', leftSeq) };
  }
  return { is: 'never' };
}

/** The verdict by the chats that both were in when the row was written; for an erasure also by those that the person had left. */
function byShared(truth: Truth, userId: string, row: TrueRow): Verdict {
  if (row.code !== USER_UPDATED && row.code !== ROLE_CHANGED) return { is: 'never' };
  let found: Verdict = { is: 'never' };
  for (const [chatId, periods] of truth.periods.get(userId) ?? []) {
    if (truth.workspaceOf.get(chatId) !== row.workspaceId) continue;
    const own = periods.find((period) => isAt(truth, chatId, period, row.pos));
    if (own === undefined) continue;
    const theirs = truth.periods.get(row.subjectId ?? '')?.get(chatId) ?? [];
    const isShared = theirs.some((period) => isAt(truth, chatId, period, row.pos));
    const isErasure = truth.erased.has(row.subjectId ?? '') && row.sharedChats?.[chatId] !== undefined;
    const wasThere = isErasure && theirs.some(({ joinedSeq }) => posOf(truth, chatId, joinedSeq) <= row.pos);
    const wasLeft = theirs.some((period) => wasBeingLeft(truth, chatId, period, row));
    if ((isShared || wasThere) && own.leftSeq === null) return { is: 'must' };
    if (isShared || wasThere || wasLeft) {
      const endedBy = own.leftSeq === null ? undefined : truth.rowOfSeq(chatId, own.leftSeq);
      found = { is: 'may', endedBy };
    }
  }
  return found;
}

const posOf = (truth: Truth, chatId: string, seq: number): number =>
  truth.rowOfSeq(chatId, seq)?.pos ?? Number.NEGATIVE_INFINITY;

function isAt(truth: Truth, chatId: string, { joinedSeq, leftSeq }: TruePeriod, pos: number): boolean {
  return posOf(truth, chatId, joinedSeq) <= pos && (leftSeq === null || posOf(truth, chatId, leftSeq) > pos);
}

/** The row was written while they left: it names the chat, and the leaving was numbered just before it. */
function wasBeingLeft(truth: Truth, chatId: string, { leftSeq }: TruePeriod, row: TrueRow): boolean {
  if (leftSeq === null) return false;
  const distance = row.pos - posOf(truth, chatId, leftSeq);
  const seq = row.sharedChats?.[chatId];
  return distance >= 0 && distance <= LEAVING_POSITIONS && seq !== undefined && seq < leftSeq;
}
