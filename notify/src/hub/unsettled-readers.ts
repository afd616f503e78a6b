import { definitionOfCode } from '@fechatter/contract';
import type { LogEntry } from '@fechatter/drizzle';
import { COMMITTED_WITHIN_MS } from './ended-periods.ts';
import { type MembershipIndex, scopeOf } from './membership-index.ts';
import type { Reader } from './reader.ts';

/** Whether a row ends memberships: one person's, or all that are open. */
export function endsMemberships({ code }: Pick<LogEntry, 'code'>): boolean {
  const effect = definitionOfCode(code)?.effect;
  return effect === 'ends' || effect === 'ends_all';
}

/**
 * Readers of whose ended memberships some were not read, because they are too many. The rows of these may still be on their
 * way here, for as long as rows come that were written before the memberships were read.
 */
export class UnsettledReaders {
  readonly #index: MembershipIndex;
  /** Up to which time of rows. */
  readonly #untilMs = new Map<Reader, number>();

  constructor(index: MembershipIndex) {
    this.#index = index;
  }

  add(reader: Reader, readAtMs: number): void {
    this.#untilMs.set(reader, readAtMs + COMMITTED_WITHIN_MS);
  }

  delete(reader: Reader): void {
    this.#untilMs.delete(reader);
  }

  /** Those whose membership this row may have ended without it being known here: they must ask from where they are. */
  missing(entry: LogEntry): readonly Reader[] {
    if (this.#untilMs.size === 0) return [];
    const writtenAtMs = entry.createdAt.getTime();
    for (const [reader, untilMs] of this.#untilMs) if (writtenAtMs > untilMs) this.#untilMs.delete(reader);
    if (!endsMemberships(entry)) return [];
    const { scope, id, seq } = scopeOf(entry);
    const isOfAll = definitionOfCode(entry.code)?.effect === 'ends_all';
    return [...this.#untilMs.keys()].filter(
      (reader) => (isOfAll || entry.subjectId === reader.userId) && !this.#index.hasEnd(reader, scope, id, seq),
    );
  }
}
