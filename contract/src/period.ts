import { audienceOf, type LogRow } from './event/log-row.ts';

/** A membership, from the row that began it to the row that ended it, both inclusive; null: open. */
export interface Period {
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
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
 * their periods covers its seq, and that period is still open or ends with this very row.
 */
export const canSee = (who: Memberships, row: LogRow): boolean => isIn(who, audienceOf(row));

/** The same rule for a signal of a chat, which has no seq: members whose period is open now see it. */
export const canSeeNow = (who: Memberships, chatId: string): boolean =>
  isIn(who, { of: 'chat', id: chatId, seq: Number.POSITIVE_INFINITY });

function isIn(who: Memberships, audience: Audience): boolean {
  if (audience.of === 'user') return audience.id === who.userId;
  const periods = (audience.of === 'workspace' ? who.workspaces : who.chats).get(audience.id);
  const period = periods?.[begunBy(periods, audience.seq) - 1];
  if (period === undefined) return false;
  if (period.leftSeq !== null) return period.leftSeq === audience.seq;
  return audience.of === 'workspace' || isOpen(who.workspaces.get(who.workspaceOf(audience.id) ?? ''));
}
