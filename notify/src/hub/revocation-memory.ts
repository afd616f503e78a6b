import { definitionOfCode, type LogRow } from '@fechatter/contract';
import { type Scope, scopeOf } from './membership-index.ts';

interface Revocation {
  readonly row: LogRow;
  /** Whether the row itself has been passed on in its order. */
  hasPassed: boolean;
  seenAtMs: number;
}

const PASSED_KEPT_MS = 600_000;
const FORGET_ABOVE = 1_000;

/**
 * Revocations that are known before their turn. That a period ends at a seq stays true for ever, so a revocation can be
 * stored and applied twice; but it must not be forgotten before its row has been passed on.
 */
export class RevocationMemory {
  readonly #revocations = new Map<string, Revocation>();
  /** The seqs at which memberships end, ascending: of one person in a chat or workspace, or of everyone in it. */
  readonly #ends = new Map<string, number[]>();
  readonly #nowMs: () => number;
  #forgetAbove = FORGET_ABOVE;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Stores a revocation; true if it is new. */
  add(row: LogRow): boolean {
    const key = keyOf(row);
    const known = this.#revocations.get(key);
    if (known !== undefined) {
      known.seenAtMs = this.#nowMs();
      return false;
    }
    this.#revocations.set(key, { row, hasPassed: false, seenAtMs: this.#nowMs() });
    const { seq } = scopeOf(row);
    const ends = this.#ends.get(endsKeyOf(row));
    if (ends === undefined) this.#ends.set(endsKeyOf(row), [seq]);
    else ends.splice(firstFrom(ends, seq), 0, seq);
    if (this.#revocations.size > this.#forgetAbove) this.#forget();
    return true;
  }

  /** Called when its row is passed on in its order. */
  passed(row: LogRow): void {
    const revocation = this.#revocations.get(keyOf(row));
    if (revocation !== undefined) revocation.hasPassed = true;
  }

  /** The seq at which this person's period that began at `joinedSeq` ends, as far as is known. */
  endOf(scope: Scope, id: string, userId: string, joinedSeq: number): number | undefined {
    const ends = [`${scope} ${id} ${userId}`, `${scope} ${id}`].flatMap((key) => {
      const seqs = this.#ends.get(key) ?? [];
      return seqs[firstFrom(seqs, joinedSeq)] ?? [];
    });
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** The seq at which this person last became a Guest of the workspace, as far as is known. */
  guestSeqOf(workspaceId: string, userId: string): number | undefined {
    return this.#ends.get(`guest ${workspaceId} ${userId}`)?.at(-1);
  }

  /** Whether the session's end is known. */
  hasSession(sessionId: string): boolean {
    return this.#ends.has(`session ${sessionId}`);
  }

  clear(): void {
    this.#revocations.clear();
    this.#ends.clear();
  }

  #forget(): void {
    const before = this.#nowMs() - PASSED_KEPT_MS;
    for (const [key, { row, hasPassed, seenAtMs }] of this.#revocations) {
      if (!hasPassed || seenAtMs > before) continue;
      this.#revocations.delete(key);
      const ends = this.#ends.get(endsKeyOf(row)) ?? [];
      ends.splice(firstFrom(ends, scopeOf(row).seq), 1);
      if (ends.length === 0) this.#ends.delete(endsKeyOf(row));
    }
    this.#forgetAbove = Math.max(FORGET_ABOVE, this.#revocations.size * 2);
  }
}

/**
 * A row of user audience that takes something away ends a session; one that changes a membership makes a person a Guest;
 * every other ends memberships of a chat or workspace.
 */
function endsKeyOf(row: LogRow): string {
  if (row.userId !== null) return `session ${row.subjectId}`;
  const { scope, id } = scopeOf(row);
  const effect = definitionOfCode(row.code)?.effect;
  if (effect === 'changes') return `guest ${id} ${row.subjectId}`;
  return effect === 'ends_all' ? `${scope} ${id}` : `${scope} ${id} ${row.subjectId}`;
}

const keyOf = (row: LogRow): string => `${row.code} ${endsKeyOf(row)} ${scopeOf(row).seq}`;

/** The index of the first seq that is not below `seq`, in ascending seqs. */
function firstFrom(seqs: readonly number[], seq: number): number {
  let low = 0;
  let high = seqs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seqs[middle] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
