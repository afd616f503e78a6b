import { encodeCursor, type LogRow } from '@fechatter/contract';
import { differsByReader, type LogEntry } from '@fechatter/drizzle';
import { EventFrame } from '../wire/frame.ts';
import { eventOf, type Rendering } from './event-of-entry.ts';

/** An entry of the log with the frames that show it: one for its whole audience, in a Single chat one for each reader. */
export class EntryFrames {
  readonly entry: LogEntry;
  readonly token: string;
  readonly #rendering: Rendering;
  readonly #differs: boolean;
  #shared: EventFrame | undefined;
  #own: Map<string, EventFrame> | undefined;

  constructor(entry: LogEntry, rendering: Rendering) {
    this.entry = entry;
    this.token = encodeCursor(entry);
    this.#rendering = rendering;
    this.#differs = differsByReader(entry);
  }

  get row(): LogRow {
    return this.entry;
  }

  /** The frame for this person. */
  for(userId: string): EventFrame {
    if (!this.#differs) {
      this.#shared ??= this.#make(userId);
      return this.#shared;
    }
    this.#own ??= new Map();
    const known = this.#own.get(userId);
    if (known !== undefined) return known;
    const made = this.#make(userId);
    this.#own.set(userId, made);
    return made;
  }

  #make(userId: string): EventFrame {
    return new EventFrame(this.token, eventOf(this.entry, userId, this.#rendering));
  }
}
