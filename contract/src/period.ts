import { audienceOf, type LogRow } from './event/log-row.ts';

/** A membership, from the row that began it to the row that ended it, both inclusive; null: open. */
export interface Period {
  readonly joinedSeq: number;
  readonly leftSeq: number | null;
}

/** The periods of one person, by chat or workspace id; those of one in the order of their seqs, which they do not share. */
export interface Memberships {
  readonly userId: string;
  readonly workspaces: ReadonlyMap<string, readonly Period[]>;
  readonly chats: ReadonlyMap<string, readonly Period[]>;
  /** Which workspace a chat belongs to: its periods count as open only while the workspace's is. */
  readonly workspaceOf: (chatId: string) => string | undefined;
}

const isOpen = (periods: readonly Period[] | undefined) => periods?.at(-1)?.leftSeq === null;

/** How many periods, in the order of their seqs, began at `seq` or before it: the last of them is the one that may cover it. */
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

/** What is seen: by the members of a chat or workspace at a seq, or by one person. */
type Audience = ReturnType<typeof audienceOf>;

/**
 * The one rule of who sees what, for live delivery and replay alike: the row's audience is mine, one of my periods
 * covers its seq, and that period is still open or ends with this very row.
 */
export const canSee = (who: Memberships, row: LogRow): boolean => isIn(who, audienceOf(row));

/** The same rule for a signal of a chat, which has no seq: it is seen by members whose period is open now. */
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
