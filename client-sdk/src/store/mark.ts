import type { ChatRow } from '../wire.ts';

/** How far the person has read a timeline. */
export type Mark = Pick<ChatRow, 'lastReadSeq' | 'lastReadNumber' | 'markVersion' | 'markSeq'>;

/**
 * The rule by which a mark replaces the known one: the higher version wins, also backwards. An own message with a seq
 * above `markSeq` has moved the mark up to itself, in whatever order the two became known. Such a message is the only
 * reason why a mark can be above the `markSeq` of a later version, or differ from one with the same version.
 */
export function laterMark<M extends Mark>(known: M, { lastReadSeq, lastReadNumber, markVersion, markSeq }: Mark): M {
  if (markVersion < known.markVersion) return known;
  const isSame = markVersion === known.markVersion;
  if (known.lastReadSeq >= lastReadSeq && (isSame || known.lastReadSeq > markSeq))
    return isSame ? known : { ...known, markVersion, markSeq };
  return { ...known, lastReadSeq, lastReadNumber, markVersion, markSeq };
}

/** The mark after a message of the person's own. */
export const afterOwn = <M extends Mark>(
  known: M,
  { seq, number }: { readonly seq: number; readonly number: number },
): M =>
  seq <= Math.max(known.markSeq, known.lastReadSeq) ? known : { ...known, lastReadSeq: seq, lastReadNumber: number };
