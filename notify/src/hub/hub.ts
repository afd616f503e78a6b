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
  /** Called in the turn in which a row is passed on, before it is written. */
  readonly onPass: (frames: EntryFrames) => void;
  /** Called when a row of an unknown kind arrives. */
  readonly onUnknown: (code: number) => void;
}

/** Not all rows of a read were passed on, because the lease expired meanwhile: read again. */
export class StaleLease extends Error {
  override readonly message = 'the lease expired before everything was written; reading again';
}

/** How long one turn of the event loop may fan out. */
const TURN_MS = 10;

/**
 * Passes every row to its readers, in order. Invariant: the position moves in the same turn in which a row is passed to
 * all its readers, without an await in between. So a live stream has everything up to the position, and a stream that
 * registers at it misses nothing.
 */
export class Hub {
  readonly roster: Roster;
  /** Counters of what was passed on. */
  readonly passed = { rows: 0, deliveries: 0 };
  readonly #options: HubOptions;
  #position: Cursor | undefined;
  #unknownCode: number | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
    this.roster = new Roster(options);
  }

  /** Everything up to here was passed to its readers. Undefined while there is no history. */
  get position(): Cursor | undefined {
    return this.#unknownCode === undefined ? this.#position : undefined;
  }

  /** The code of a row that only a newer build understands: nothing is delivered any more. */
  get unknownCode(): number | undefined {
    return this.#unknownCode;
  }

  get isFresh(): boolean {
    return this.#options.isFresh() && this.position !== undefined;
  }

  /** The log begins (again) here: everything that was known is invalid. */
  start(cursor: Cursor): void {
    this.roster.clear();
    this.#position = cursor;
    this.#wakeWaiters();
  }

  /** Registers a stream at the position: from here on it misses nothing. */
  register(userId: string, sessionId: string, transport: Transport): { connection: Connection; at: Cursor } {
    const at = this.position;
    if (at === undefined) throw refuse('database_unavailable');
    return { connection: this.roster.register(userId, sessionId, transport, at.pos), at };
  }

  /**
   * Processes a read of the tail: its revocations at once, before anything is awaited; its rows over several turns.
   * Rows that were passed on before are skipped, so a read may come twice.
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

  /** Resolves when the next read of the tail has been processed, or after the timeout. */
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
