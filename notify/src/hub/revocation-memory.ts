import { definitionOfCode, type LogRow } from '@fechatter/contract';
import { type Scope, scopeOf } from './membership-index.ts';

interface Revocation {
  readonly row: LogRow;
  /** Whether the row itself has come in its turn. */
  hasPassed: boolean;
  seenAtMs: number;
}

const PASSED_KEPT_MS = 600_000;
const FORGET_ABOVE = 1_000;

/**
 * What was taken away, known before its turn. That a period ends at a seq is true for ever, so that a revocation may be
 * remembered twice and applied twice; it must not be forgotten before its row has passed.
 */
export class RevocationMemory {
  readonly #revocations = new Map<string, Revocation>();
  /** Of one chat or workspace, by key. */
  readonly #ofScope = new Map<string, Set<string>>();
  readonly #nowMs: () => number;
  #forgetAbove = FORGET_ABOVE;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Remembers a revocation; true if it is news. */
  add(row: LogRow): boolean {
    const key = keyOf(row);
    const known = this.#revocations.get(key);
    if (known !== undefined) {
      known.seenAtMs = this.#nowMs();
      return false;
    }
    this.#revocations.set(key, { row, hasPassed: false, seenAtMs: this.#nowMs() });
    const scopeKey = scopeKeyOf(row);
    const keys = this.#ofScope.get(scopeKey);
    if (keys === undefined) this.#ofScope.set(scopeKey, new Set([key]));
    else keys.add(key);
    if (this.#revocations.size > this.#forgetAbove) this.#forget();
    return true;
  }

  /** Its row has come in its turn. */
  passed(row: LogRow): void {
    const revocation = this.#revocations.get(keyOf(row));
    if (revocation !== undefined) revocation.hasPassed = true;
  }

  /** Where the period ends that this person began at `joinedSeq`, as far as is known. */
  endOf(scope: Scope, id: string, userId: string, joinedSeq: number): number | undefined {
    let end: number | undefined;
    for (const key of this.#ofScope.get(`${scope} ${id}`) ?? []) {
      const row = this.#revocations.get(key)?.row;
      if (row === undefined) continue;
      const { seq } = scopeOf(row);
      const isTheirs = definitionOfCode(row.code)?.effect === 'ends_all' || row.subjectId === userId;
      if (isTheirs && seq >= joinedSeq && (end === undefined || seq < end)) end = seq;
    }
    return end;
  }

  /** Whether the session's end is known. */
  hasSession(sessionId: string): boolean {
    return this.#ofScope.has(`session ${sessionId}`);
  }

  clear(): void {
    this.#revocations.clear();
    this.#ofScope.clear();
  }

  #forget(): void {
    const before = this.#nowMs() - PASSED_KEPT_MS;
    for (const [key, { row, hasPassed, seenAtMs }] of this.#revocations) {
      if (!hasPassed || seenAtMs > before) continue;
      this.#revocations.delete(key);
      const scopeKey = scopeKeyOf(row);
      const keys = this.#ofScope.get(scopeKey);
      if (keys?.delete(key) && keys.size === 0) this.#ofScope.delete(scopeKey);
    }
    this.#forgetAbove = Math.max(FORGET_ABOVE, this.#revocations.size * 2);
  }
}

/** A row of user audience that takes something away ends a session; every other ends periods of a chat or workspace. */
function scopeKeyOf(row: LogRow): string {
  if (row.userId !== null) return `session ${row.subjectId}`;
  const { scope, id } = scopeOf(row);
  return `${scope} ${id}`;
}

function keyOf(row: LogRow): string {
  return `${row.code} ${scopeKeyOf(row)} ${row.subjectId} ${scopeOf(row).seq}`;
}
