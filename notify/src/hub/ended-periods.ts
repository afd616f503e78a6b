import type { Scope } from './membership-index.ts';

/** A membership that ended. */
export interface EndedPeriod {
  readonly scope: Scope;
  readonly id: string;
  readonly leftSeq: number;
  /** By the database's clock. */
  readonly leftAtMs: number;
}

/** How many are read with a person's memberships, the newest ones, and how many stay in memory. */
export const ENDED_MAX = 1_000;
/**
 * Whatever ends a membership is committed within so long, or never. So a row of the log that was written so long after one
 * ended stands behind the row that ended it.
 */
export const COMMITTED_WITHIN_MS = 60_000;

/**
 * The memberships of a person that ended, in the order of time. They are needed for the rows that ended them alone, so there is
 * no use for those that no token reaches back to; and a bound, because anyone can make them: by coming and going, and for
 * others by adding and removing them. What is known is said by a time, and a token from before it is answered with a reset.
 */
export class EndedPeriods {
  #ended: EndedPeriod[] = [];
  #afterMs = Number.POSITIVE_INFINITY;
  #isCut = false;

  /** All that ended after this is known: what ended before may be, or may not. */
  get afterMs(): number {
    return this.#afterMs;
  }

  /** Whether there were more than is remembered; else all is known that the log is kept for. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Takes what was read, in the order of time. */
  begin(ended: readonly EndedPeriod[], afterMs: number, isCut: boolean): void {
    this.#ended = [...ended];
    this.#afterMs = afterMs;
    this.#isCut = isCut;
  }

  /** Takes one whose row has passed, and returns those to forget: rows that came by now end none of them. */
  add(period: EndedPeriod): readonly EndedPeriod[] {
    this.#ended.push(period);
    if (this.#ended.length < 2 * ENDED_MAX) return [];
    const settledMs = period.leftAtMs - COMMITTED_WITHIN_MS;
    const firstUnsettled = this.#ended.findIndex(({ leftAtMs }) => leftAtMs >= settledMs);
    const forgotten = this.#ended.splice(0, Math.min(Math.max(0, firstUnsettled), this.#ended.length - ENDED_MAX));
    for (const { leftAtMs } of forgotten) this.#afterMs = Math.max(this.#afterMs, leftAtMs);
    this.#isCut ||= forgotten.length > 0;
    return forgotten;
  }

  /** Whether all is known that rows ended from one on that was written at this time. */
  covers(writtenAtMs: number): boolean {
    return writtenAtMs >= this.#afterMs + COMMITTED_WITHIN_MS;
  }
}
