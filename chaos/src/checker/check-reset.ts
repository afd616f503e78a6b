import type { Evidence } from './check-ledger.ts';
import type { Ledger, ResetSeen } from '../subscribers/ledger.ts';
import { verdictOf } from './verdict.ts';

const POSITIONS_MAX = 200_000;
const EVENTS_MAX = 5_000;
/** How many ended memberships of a person are known. */
const ENDED_MAX = 1_000;

/** Whether the position was no longer in the log, or so far behind that a fresh read is faster. */
export function resetIsJustified(
  { reason, fromPos, toPos, atMs }: ResetSeen,
  ledger: Ledger,
  evidence: Evidence,
): boolean {
  const { truth, pruned } = evidence;
  if (reason === 'cursor_expired')
    return pruned.cuts.some(({ belowPos, beganAtMs }) => fromPos < belowPos && beganAtMs <= atMs);
  if (reason !== 'too_far_behind') return false;
  if (toPos - fromPos > POSITIONS_MAX) return true;
  const periods = [...(truth.periods.get(ledger.userId)?.values() ?? [])].flat();
  if (periods.filter(({ leftSeq }) => leftSeq !== null).length >= ENDED_MAX) return true;
  const between = truth.rows.filter(({ pos }) => pos > fromPos && pos <= toPos);
  return between.filter((row) => verdictOf(truth, ledger.userId, row).is !== 'never').length > EVENTS_MAX;
}
