import {
  audienceOf,
  canSee,
  type Cursor,
  type LogRow,
  type Memberships,
  SHARED_CHATS,
  sharedChatsOf,
} from '@fechatter/contract';

/** A numbered row of the log. */
export interface NumberedRow extends LogRow {
  readonly pos: number;
  readonly nonce: number;
  readonly createdAt: Date;
}

interface KeptRow extends LogRow {
  readonly pos: number;
  readonly nonce: number;
  readonly writtenAtMs: number;
}

const NO_FACTS = {};
const NAMES_MAX = 50_000;
const TRIM_ROWS = 4_096;
/** A row can name a thousand chats. With more than this over all rows, half of the rows are dropped. */
const SHARED_CHATS_MAX = 500_000;

/**
 * The last rows of the log in memory, so that a storm of reconnecting clients reads only content from the database.
 * Positions have no gaps, so a position is an offset; each audience has a list of its positions.
 */
export class Ring {
  #rows: KeptRow[] = [];
  readonly #ofAudience = new Map<string, number[]>();
  readonly #names = new Map<string, string>();
  readonly #rowsMax: number;
  #sharedChats = 0;

  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  /** Starts again with rows that follow each other without a gap. */
  reset(rows: readonly NumberedRow[]): void {
    this.#rows = [];
    this.#sharedChats = 0;
    this.#ofAudience.clear();
    for (const row of rows) this.push(row);
  }

  /** Adds the next row. A ring without capacity stays empty. */
  push(from: NumberedRow): void {
    const { pos, nonce, createdAt, code, workspaceId, workspaceSeq, chatId, chatSeq, userId } = from;
    if (this.#rowsMax === 0) return;
    const last = this.#rows.at(-1);
    if (last !== undefined && last.pos + 1 !== pos) this.reset([]);
    // Keeps only what a check of the row needs; equal ids share one string. Of a workspace's rows Guests need more.
    const isNarrowed = workspaceSeq !== null && chatId === null;
    const shared = isNarrowed ? sharedChatsOf(from) : undefined;
    const row: KeptRow = {
      pos,
      nonce,
      writtenAtMs: createdAt.getTime(),
      code,
      workspaceId: this.#same(workspaceId),
      workspaceSeq,
      chatId: this.#same(chatId),
      chatSeq,
      userId: this.#same(userId),
      subjectId: isNarrowed ? this.#same(from.subjectId) : null,
      facts: shared === undefined ? NO_FACTS : { [SHARED_CHATS]: shared },
    };
    this.#rows.push(row);
    this.#sharedChats += sizeOf(row);
    const key = keyOf(row);
    const positions = this.#ofAudience.get(key);
    if (positions === undefined) this.#ofAudience.set(key, [pos]);
    else positions.push(pos);
    if (this.#rows.length >= this.#rowsMax + TRIM_ROWS) this.#trim(this.#rowsMax);
    else if (this.#sharedChats > SHARED_CHATS_MAX) this.#trim(this.#rows.length >> 1);
  }

  /** The nonce of the row at this position; undefined if the ring does not reach back to it. */
  nonceAt(pos: number): number | undefined {
    return this.#at(pos)?.nonce;
  }

  /** When the row at this position was written, by the database's clock. */
  writtenAtMs(pos: number): number | undefined {
    return this.#at(pos)?.writtenAtMs;
  }

  /** The positions of the rows that this person sees, after `from` and up to `to`. */
  visibleTo(who: Memberships, from: Cursor, to: Cursor): number[] {
    const found: number[] = [];
    const addVisible = (key: string) => {
      const positions = this.#ofAudience.get(key);
      if (positions === undefined) return;
      for (let at = firstAbove(positions, from.pos); at < positions.length; at++) {
        const pos = positions[at] ?? 0;
        if (pos > to.pos) break;
        const row = this.#at(pos);
        if (row !== undefined && canSee(who, row)) found.push(pos);
      }
    };
    addVisible(`user ${who.userId}`);
    for (const id of who.workspaces.keys()) addVisible(`workspace ${id}`);
    for (const id of who.chats.keys()) addVisible(`chat ${id}`);
    return found.sort((a, b) => a - b);
  }

  #same(id: string | null): string | null {
    if (id === null) return null;
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    if (this.#names.size >= NAMES_MAX) this.#names.clear();
    this.#names.set(id, id);
    return id;
  }

  #at(pos: number): KeptRow | undefined {
    const first = this.#rows[0];
    return first === undefined ? undefined : this.#rows[pos - first.pos];
  }

  #trim(rows: number): void {
    const gone = this.#rows.splice(0, this.#rows.length - rows);
    for (const row of gone) this.#sharedChats -= sizeOf(row);
    const kept = this.#rows[0]?.pos ?? 0;
    for (const key of new Set(gone.map(keyOf))) {
      const positions = this.#ofAudience.get(key) ?? [];
      const left = positions.slice(firstAbove(positions, kept - 1));
      if (left.length === 0) this.#ofAudience.delete(key);
      else this.#ofAudience.set(key, left);
    }
  }
}

const sizeOf = (row: LogRow): number => Object.keys(sharedChatsOf(row) ?? NO_FACTS).length;

function keyOf(row: LogRow): string {
  const { of, id } = audienceOf(row);
  return `${of} ${id}`;
}

/** The index of the first position above `pos`, in ascending positions. */
function firstAbove(positions: readonly number[], pos: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((positions[middle] ?? 0) > pos) high = middle;
    else low = middle + 1;
  }
  return low;
}
