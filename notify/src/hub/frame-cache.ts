import { definitionOfCode, type LogRow } from '@fechatter/contract';
import type { LogEntry } from '@fechatter/drizzle';
import type { CacheCounts } from '@fechatter/service-kit';
import { LRUCache } from 'lru-cache';
import type { EntryFrames } from './entry-frames.ts';

const ENTRY_BYTES = 2_000;

/**
 * Frames of recent rows, for clients that come back. What shows a message is dropped when the tail passes its change,
 * so nobody is shown a deleted text or an old name from here; the least recently used go first.
 */
export class FrameCache {
  readonly #frames: LRUCache<number, EntryFrames>;
  readonly #positionsOf = new Map<string, number[]>();
  #drops = 0;
  #hits = 0;
  #misses = 0;

  constructor(bytesMax: number) {
    this.#frames = new LRUCache({
      maxSize: bytesMax,
      sizeCalculation: sizeOf,
      dispose: (frames, pos) => this.#forget(frames, pos),
    });
  }

  get(pos: number): EntryFrames | undefined {
    const frames = this.#frames.get(pos);
    if (frames === undefined) this.#misses++;
    else this.#hits++;
    return frames;
  }

  readonly counts = (): CacheCounts => ({ hits: this.#hits, misses: this.#misses, entries: this.#frames.size });

  /** What to show to `add` after a read: nothing is kept that was read while something was dropped. */
  get epoch(): number {
    return this.#drops;
  }

  add(frames: EntryFrames, epoch: number): void {
    const { pos, subjectId, message } = frames.entry;
    if (epoch !== this.#drops || this.#frames.has(pos)) return;
    this.#frames.set(pos, frames);
    if (message !== undefined && subjectId !== null && this.#frames.has(pos)) {
      const positions = this.#positionsOf.get(subjectId);
      if (positions === undefined) this.#positionsOf.set(subjectId, [pos]);
      else positions.push(pos);
    }
  }

  /** The tail passes a row: drops what shows something that it changed. */
  passed(row: LogRow): void {
    switch (definitionOfCode(row.code)?.kind) {
      case 'message.updated':
      case 'message.deleted':
        this.#drops++;
        for (const pos of this.#positionsOf.get(row.subjectId ?? '') ?? []) this.#frames.delete(pos);
        break;
      case 'chat.purged':
      case 'chat.deleted':
        this.#dropThose((entry) => entry.chatId === row.chatId);
        break;
      case 'user.updated':
        this.#dropThose((entry) => shows(entry, row.subjectId ?? ''));
        break;
      default:
    }
  }

  clear(): void {
    this.#drops++;
    this.#frames.clear();
  }

  #dropThose(isChanged: (entry: LogEntry) => boolean): void {
    this.#drops++;
    const changed = [...this.#frames.entries()].filter(([, { entry }]) => isChanged(entry));
    for (const [pos] of changed) this.#frames.delete(pos);
  }

  #forget({ entry }: EntryFrames, pos: number): void {
    const subjectId = entry.subjectId ?? '';
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
