import { definitionOfCode, type LogRow } from '@fechatter/contract';
import type { CacheCounts } from '@fechatter/service-kit';
import type { LogEntry } from '@fechatter/drizzle';
import type { EntryFrames } from './entry-frames.ts';

const ENTRY_BYTES = 2_000;

/**
 * Frames of recent rows, for clients that come back. What shows a message is dropped when the tail passes its change,
 * so nobody is shown a deleted text or an old name from here; the least recently used go first.
 */
export class FrameCache {
  readonly #frames = new Map<number, EntryFrames>();
  readonly #positionsOf = new Map<string, number[]>();
  readonly #bytesMax: number;
  #bytes = 0;
  #drops = 0;
  #hits = 0;
  #misses = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get(pos: number): EntryFrames | undefined {
    const frames = this.#frames.get(pos);
    if (frames === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#frames.delete(pos);
    this.#frames.set(pos, frames);
    return frames;
  }

  readonly counts = (): CacheCounts => ({ hits: this.#hits, misses: this.#misses, entries: this.#frames.size });

  /** What to show to `add` after a read: nothing is kept that was read while something was dropped. */
  get epoch(): number {
    return this.#drops;
  }

  add(frames: EntryFrames, epoch: number): void {
    const { pos, subjectId } = frames.entry;
    if (epoch !== this.#drops || this.#frames.has(pos)) return;
    this.#frames.set(pos, frames);
    this.#bytes += sizeOf(frames);
    if (frames.entry.message !== undefined && subjectId !== null) {
      const positions = this.#positionsOf.get(subjectId);
      if (positions === undefined) this.#positionsOf.set(subjectId, [pos]);
      else positions.push(pos);
    }
    for (const oldest of this.#frames.keys()) {
      if (this.#bytes <= this.#bytesMax) break;
      this.#drop(oldest);
    }
  }

  /** The tail passes a row: drops what shows something that it changed. */
  passed(row: LogRow): void {
    switch (definitionOfCode(row.code)?.kind) {
      case 'message.updated':
      case 'message.deleted':
        this.#drops++;
        this.#positionsOf.get(row.subjectId ?? '')?.forEach((pos) => this.#drop(pos));
        break;
      case 'chat.purged':
      case 'chat.deleted':
        this.#drops++;
        for (const [pos, { entry }] of this.#frames) if (entry.chatId === row.chatId) this.#drop(pos);
        break;
      case 'user.updated':
        this.#drops++;
        for (const [pos, { entry }] of this.#frames) if (shows(entry, row.subjectId ?? '')) this.#drop(pos);
        break;
      default:
    }
  }

  clear(): void {
    this.#drops++;
    this.#frames.clear();
    this.#positionsOf.clear();
    this.#bytes = 0;
  }

  #drop(pos: number): void {
    const frames = this.#frames.get(pos);
    if (frames === undefined) return;
    this.#frames.delete(pos);
    this.#bytes -= sizeOf(frames);
    const subjectId = frames.entry.subjectId ?? '';
    const left = this.#positionsOf.get(subjectId)?.filter((known) => known !== pos) ?? [];
    if (left.length === 0) this.#positionsOf.delete(subjectId);
    else this.#positionsOf.set(subjectId, left);
  }
}

/** Whether the event says how this person is called. */
const shows = ({ message, user, chat }: LogEntry, userId: string): boolean =>
  message?.sender_id === userId || user?.id === userId || chat?.nameFor?.has(userId) === true;

/** By what does not change with the frames that are made later. */
const sizeOf = (frames: EntryFrames): number => ENTRY_BYTES + 4 * (frames.entry.message?.body?.length ?? 0);
