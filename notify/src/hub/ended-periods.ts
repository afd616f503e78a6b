import type { Scope } from './membership-index.ts';

/** A membership that ended. */
export interface EndedPeriod {
  readonly scope: Scope;
  readonly id: string;
  readonly leftSeq: number;
  /** By the database's clock. */
  readonly leftAtMs: number;
}

/** How many of the newest are read with a person's memberships, and how many stay in memory. */
export const ENDED_MAX = 1_000;
/**
 * A transaction that ends a membership commits within this time, or never. So a row that was written this long after
 * the end comes after the row that ended it.
 */
export const COMMITTED_WITHIN_MS = 60_000;

/**
 * A person's memberships that ended, in the order of time. They are needed only for the rows that ended them, so those
 * that no token reaches back to are useless. They are limited, because anyone can create them: by joining and leaving,
 * or for others by adding and removing them. A time describes what is known; a token from before it gets a reset.
 */
export class EndedPeriods {
  #ended: EndedPeriod[] = [];
  #afterMs = Number.POSITIVE_INFINITY;
  #isCut = false;

  /** All memberships that ended after this are known; those that ended before may or may not be. */
  get afterMs(): number {
    return this.#afterMs;
  }

  /** Whether there were more than the limit; otherwise everything within the log's retention is known. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Sets the memberships that were read, in the order of time. */
  begin(ended: readonly EndedPeriod[], afterMs: number, isCut: boolean): void {
    this.#ended = [...ended];
    this.#afterMs = afterMs;
    this.#isCut = isCut;
  }

  /** Adds one whose row has been passed on, and returns those to forget: rows from now on cannot end them. */
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

  /** Whether all memberships are known that rows from this time on have ended. */
  covers(writtenAtMs: number): boolean {
    return writtenAtMs >= this.#afterMs + COMMITTED_WITHIN_MS;
  }
}
