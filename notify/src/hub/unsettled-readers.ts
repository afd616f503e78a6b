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
 * Readers with more ended memberships than were read. Rows that ended the others may still arrive here, as long as rows
 * arrive that were written before the memberships were read.
 */
export class UnsettledReaders {
  readonly #index: MembershipIndex;
  /** The write time of rows up to which a reader is unsettled. */
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

  /** The readers whose unknown membership this row may have ended: they must reconnect from where they are. */
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
