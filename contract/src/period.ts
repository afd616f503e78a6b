import { audienceOf, type LogRow, sharedChatsOf } from './event/log-row.ts';
import { definitionOfCode } from './event/registry.ts';

/** A membership, from the row that began it to the row that ended it, both inclusive; null: open. */
export interface Period {
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
  /** In a workspace, of a person who is a Guest, or was one in this period. */
  readonly guest?: GuestSpan;
}

/** Whether a person is a Guest now, and the seq of the row that made them one or ended that. */
export interface GuestSpan {
  readonly isGuest: boolean;
  readonly sinceSeq: number;
}

/**
 * The periods of one person, by chat or workspace id. Those of one chat or workspace are in the order of their seqs and
 * do not overlap.
 */
export interface Memberships {
  readonly userId: string;
  readonly workspaces: ReadonlyMap<string, readonly Period[]>;
  readonly chats: ReadonlyMap<string, readonly Period[]>;
  /** The workspace that a chat belongs to: a period of the chat counts as open only while one of the workspace is. */
  readonly workspaceOf: (chatId: string) => string | undefined;
}

const isOpen = (periods: readonly Period[] | undefined) => periods?.at(-1)?.leftSeq === null;

/** How many periods, in the order of their seqs, began at or before `seq`: the last of them may cover it. */
export function begunBy(periods: readonly Period[], seq: number): number {
  let low = 0;
  let high = periods.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((periods[middle]?.joinedSeq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Who sees a row: the members of a chat or workspace at a seq, or one person. */
type Audience = ReturnType<typeof audienceOf>;

/**
 * The one rule of who sees what, for both live delivery and replay: the person belongs to the row's audience, one of
 * their periods covers its seq, and that period is still open or ends with this very row. Of a workspace's rows a
 * person who is a Guest now, or was one at the row's seq, sees only those that {@link seesAsGuest} names.
 */
export const canSee = (who: Memberships, row: LogRow): boolean => isIn(who, audienceOf(row), row);

/** The same rule for a signal of a chat, which has no seq: members whose period is open now see it. */
export const canSeeNow = (who: Memberships, chatId: string): boolean =>
  isIn(who, { of: 'chat', id: chatId, seq: Number.POSITIVE_INFINITY });

function isIn(who: Memberships, audience: Audience, row?: LogRow): boolean {
  if (audience.of === 'user') return audience.id === who.userId;
  const periods = (audience.of === 'workspace' ? who.workspaces : who.chats).get(audience.id);
  const period = periods?.[begunBy(periods, audience.seq) - 1];
  if (period === undefined) return false;
  if (period.leftSeq !== null) return period.leftSeq === audience.seq;
  if (audience.of === 'chat') return isOpen(who.workspaces.get(who.workspaceOf(audience.id) ?? ''));
  return !isNarrowed(period, audience.seq) || (row !== undefined && seesAsGuest(who, row));
}

/** Whether a person who has this open period sees its row at `seq` no further than a Guest does. */
const isNarrowed = ({ guest }: Period, seq: number): boolean =>
  guest !== undefined && (guest.isGuest || seq < guest.sinceSeq);

/**
 * What a Guest sees of a workspace's rows: those about the workspace itself; those about themselves; those about a
 * person with whom they shared a chat at that time, and in which they still are; and those of a public channel that
 * they are in.
 */
function seesAsGuest(who: Memberships, row: LogRow): boolean {
  if (row.chatId !== null && row.chatSeq !== null) return covers(who.chats.get(row.chatId), row.chatSeq);
  if (row.subjectId === who.userId || definitionOfCode(row.code)?.isForGuests === true) return true;
  const shared = sharedChatsOf(row);
  if (shared === undefined) return false;
  for (const [chatId, periods] of who.chats) {
    const seq = shared[chatId];
    const last = periods.at(-1);
    if (seq !== undefined && last?.leftSeq === null && last.joinedSeq <= seq) return true;
  }
  return false;
}

/** Whether a period covers the seq, and is open or ends there. */
function covers(periods: readonly Period[] | undefined, seq: number): boolean {
  const period = periods?.[begunBy(periods, seq) - 1];
  return period !== undefined && (period.leftSeq === null || period.leftSeq === seq);
}
