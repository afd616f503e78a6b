import type { TruePeriod, TrueRow, Truth } from './truth.ts';
import { verdictOfGuest } from './verdict-of-guest.ts';

/**
 * Whether a person must receive a row, derived from the contract and not with the product's code. `must`: the row is in
 * a period that is open or that it ends. `may`: it is in a period that row `endedBy` ended. `never`: neither.
 */
export type Verdict =
  | { readonly is: 'must' }
  | { readonly is: 'may'; readonly endedBy: TrueRow | undefined }
  | { readonly is: 'never' };

const must: Verdict = { is: 'must' };
const never: Verdict = { is: 'never' };

export function verdictOf(truth: Truth, userId: string, row: TrueRow): Verdict {
  const own = truth.periods.get(userId);
  if (row.workspaceSeq !== null) {
    const workspaceId = row.workspaceId ?? '';
    const verdict = ofPeriods(truth, workspaceId, row.workspaceSeq, own?.get(workspaceId));
    return verdict.is === 'never' ? never : (verdictOfGuest(truth, userId, row, verdict) ?? verdict);
  }
  if (row.userId !== null) return row.userId === userId ? must : never;
  const chatId = row.chatId ?? '';
  const verdict = ofPeriods(truth, chatId, row.chatSeq ?? 0, own?.get(chatId));
  if (verdict.is !== 'must') return verdict;
  const endsHere = own?.get(chatId)?.some(({ leftSeq }) => leftSeq === row.chatSeq) ?? false;
  const workspaceId = truth.workspaceOf.get(chatId) ?? '';
  const inWorkspace = own?.get(workspaceId) ?? [];
  if (endsHere || inWorkspace.some(({ leftSeq }) => leftSeq === null)) return must;
  const lastEnd = Math.max(0, ...inWorkspace.map(({ leftSeq }) => leftSeq ?? 0));
  return { is: 'may', endedBy: truth.rowOfSeq(workspaceId, lastEnd) };
}

function ofPeriods(truth: Truth, audience: string, seq: number, periods: readonly TruePeriod[] = []): Verdict {
  let ended: Verdict | undefined;
  for (const { joinedSeq, leftSeq } of periods) {
    if (seq < joinedSeq || (leftSeq !== null && seq > leftSeq)) continue;
    if (leftSeq === null || leftSeq === seq) return must;
    ended = { is: 'may', endedBy: truth.rowOfSeq(audience, leftSeq) };
  }
  return ended ?? never;
}
