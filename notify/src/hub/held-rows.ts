import { bytesOfContent } from '@fechatter/drizzle';
import type { EntryFrames } from './entry-frames.ts';

const ROWS_MAX = 5_000;
const BYTES_MAX = 16_777_216;
const TRIM_ROWS = 256;

/** From which row on rows are held for a reader. */
export interface Hold {
  readonly from: number;
}

/** Rows that were passed on while a reader's periods were being loaded: they are checked when the periods are known. */
export class HeldRows {
  #rows: EntryFrames[] = [];
  /** How many rows were released; the first held row has this number. */
  #base = 0;
  #bytes = 0;
  /** In the order in which they began, so the first one needs the oldest row. */
  readonly #holds = new Set<Hold>();

  begin(): Hold {
    const hold = { from: this.#base + this.#rows.length };
    this.#holds.add(hold);
    return hold;
  }

  end(hold: Hold): void {
    if (!this.#holds.delete(hold)) return;
    const [oldest] = this.#holds;
    const spare = oldest === undefined ? this.#rows.length : oldest.from - this.#base;
    if (oldest !== undefined && spare < TRIM_ROWS) return;
    for (const frames of this.#rows.splice(0, spare)) this.#bytes -= sizeOf(frames);
    this.#base += spare;
  }

  /** Holds a row, if anyone waits for rows. */
  push(frames: EntryFrames): void {
    if (this.#holds.size === 0) return;
    this.#rows.push(frames);
    this.#bytes += sizeOf(frames);
  }

  /** Whether too much is held, so that waiting readers must be cut. */
  get isOverfull(): boolean {
    return this.#rows.length > ROWS_MAX || this.#bytes > BYTES_MAX;
  }

  since({ from }: Hold): readonly EntryFrames[] {
    return this.#rows.slice(from - this.#base);
  }
}

const sizeOf = (frames: EntryFrames): number => bytesOfContent(frames.entry);
