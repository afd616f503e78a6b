import { type Cursor, definitionOfCode } from '@fechatter/contract';
import type { LogEntry, TailRead } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Transport } from '../transport/transport.ts';
import type { WriteTurn } from '../transport/write-turn.ts';
import type { Connection } from './connection.ts';
import { EntryFrames } from './entry-frames.ts';
import type { Rendering } from './event-of-entry.ts';
import { Roster, type RosterOptions } from './roster.ts';

export interface HubOptions extends RosterOptions {
  readonly rendering: Rendering;
  readonly turn: WriteTurn;
  /** The lease: whether what this process knows is fresh enough to write content. */
  readonly isFresh: () => boolean;
  /** Called in the turn in which a row is passed, before it is written. */
  readonly onPass: (frames: EntryFrames) => void;
  /** Called when a row has come that this build does not know. */
  readonly onUnknown: (code: number) => void;
}

/** The rows of a read were not all passed, because the lease ran out on the way: read again. */
export class StaleLease extends Error {
  override readonly message = 'the lease ran out before everything was written; reading again';
}

/** How long one turn fans out before others have theirs. */
const TURN_MS = 10;

/**
 * Hands every row to its readers, in order. Invariants: the position moves in the same turn in which a row is handed to
 * all its readers, with nothing awaited between; so that whoever is live has everything up to the position, and whoever
 * registers at it misses nothing.
 */
export class Hub {
  readonly roster: Roster;
  /** How much went through here. */
  readonly passed = { rows: 0, deliveries: 0 };
  readonly #options: HubOptions;
  #position: Cursor | undefined;
  #unknownCode: number | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.roster = new Roster(options);
  }

  /** Everything up to here was handed to its readers. Undefined while there is no history to stand on. */
  get position(): Cursor | undefined {
    return this.#unknownCode === undefined ? this.#position : undefined;
  }

  /** A kind of row that only a newer build understands: nothing is delivered any more. */
  get unknownCode(): number | undefined {
    return this.#unknownCode;
  }

  get isFresh(): boolean {
    return this.#options.isFresh() && this.position !== undefined;
  }

  /** The log begins (anew) here: nothing that was known holds. */
  start(cursor: Cursor): void {
    this.roster.clear();
    this.#position = cursor;
    this.#wakeWaiters();
  }

  /** Registers a stream at the position: from here on nothing passes it by. */
  register(userId: string, sessionId: string, transport: Transport): { connection: Connection; at: Cursor } {
    const at = this.position;
    if (at === undefined) throw refuse('database_unavailable');
    return { connection: this.roster.register(userId, sessionId, transport, at.pos), at };
  }

  /**
   * Takes a read of the tail: what it takes away at once, before anything is awaited; its rows in turns. Rows that were
   * passed before are skipped, so that a read may come twice.
   */
  async pass(read: TailRead): Promise<void> {
    if (this.#unknownCode !== undefined) return;
    for (const row of read.revocations) {
      if (definitionOfCode(row.code) === undefined) return this.#halt(row.code);
      this.roster.takeCut(row);
    }
    this.#wakeWaiters();
    const { turn, isFresh } = this.#options;
    let turnEndsAtMs = performance.now() + TURN_MS;
    for (const entry of read.entries) {
      if (entry.pos <= (this.#position?.pos ?? 0)) continue;
      if (performance.now() > turnEndsAtMs) {
        turn.flush();
        await nextTurn();
        turnEndsAtMs = performance.now() + TURN_MS;
      }
      if (!isFresh()) {
        turn.flush();
        throw new StaleLease();
      }
      if (!this.#passOne(entry)) break;
    }
    turn.flush();
    this.#wakeWaiters();
  }

  /** Resolves when the next read of the tail is taken, or when time is up. */
  afterNextRead(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #passOne(entry: LogEntry): boolean {
    const definition = definitionOfCode(entry.code);
    if (definition === undefined) {
      this.#halt(entry.code);
      return false;
    }
    const { roster } = this;
    roster.takeEffect(entry);
    const isRevocation = definition.kind === 'session.revoked';
    if (isRevocation) roster.mute(entry.subjectId ?? '');
    const frames = new EntryFrames(entry, this.#options.rendering);
    this.#options.onPass(frames);
    this.#position = { pos: entry.pos, nonce: entry.nonce };
    this.passed.rows++;
    for (const reader of roster.readersOf(entry)) {
      this.passed.deliveries += reader.connections.size;
      for (const connection of reader.connections) connection.deliver(frames);
    }
    roster.hold(frames);
    if (isRevocation) roster.endSession(frames);
    return true;
  }

  #halt(code: number): void {
    this.#unknownCode = code;
    this.roster.clear();
    this.#options.onUnknown(code);
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
