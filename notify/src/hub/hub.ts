import { canSee, type Cursor, definitionOfCode, type LogRow } from '@fechatter/contract';
import type { LogEntry, TailRead } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Outlet } from '../outlet/outlet.ts';
import type { WriteTurn } from '../outlet/write-turn.ts';
import { Connection } from './connection.ts';
import { CutMemory } from './cut-memory.ts';
import { EntryFrames } from './entry-frames.ts';
import type { Rendering } from './event-of-entry.ts';
import { HeldRows, type Hold } from './held-rows.ts';
import { MembershipIndex, type StoredPeriod, scopeOf } from './membership-index.ts';
import { Reader } from './reader.ts';
import { StreamSession } from './stream-session.ts';

export interface HubOptions {
  readonly rendering: Rendering;
  readonly turn: WriteTurn;
  /** The lease: whether what this process knows is fresh enough to write content. */
  readonly isFresh: () => boolean;
  readonly loadPeriods: (userId: string) => Promise<readonly StoredPeriod[]>;
  readonly streamsPerSession: number;
  readonly bufferMaxBytes: number;
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
const REVOKED_ROW_WAIT_MS = 2_000;

/**
 * Who is connected, what they may see, and how far everyone is. Invariants: the position moves in the same turn in
 * which a row is handed to all its readers, with nothing awaited between; so that whoever is live has everything up to
 * the position, and whoever registers at it misses nothing.
 */
export class Hub {
  readonly sessions = new Map<string, StreamSession>();
  readonly readers = new Map<string, Reader>();
  readonly connections = new Set<Connection>();
  readonly #index = new MembershipIndex();
  readonly #cuts = new CutMemory();
  readonly #held = new HeldRows();
  readonly #options: HubOptions;
  #position: Cursor | undefined;
  #unknownCode: number | undefined;
  #waiters: (() => void)[] = [];

  constructor(options: HubOptions) {
    this.#options = options;
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
    this.cutAll();
    this.#cuts.clear();
    this.#position = cursor;
    this.#wakeWaiters();
  }

  cutAll(): void {
    for (const connection of this.connections) this.cut(connection);
  }

  /** Takes a read of the tail. Rows that were passed before are skipped, so that a read may come twice. */
  async pass(read: TailRead): Promise<void> {
    if (this.#unknownCode !== undefined) return;
    for (const row of read.cuts) this.#takeCut(row);
    const { turn, isFresh } = this.#options;
    let turnEndsAtMs = performance.now() + TURN_MS;
    this.#wakeWaiters();
    for (const entry of read.entries) {
      if (entry.pos <= (this.#position?.pos ?? 0)) continue;
      if (performance.now() > turnEndsAtMs) {
        turn.flush();
        await nextTurn();
        turnEndsAtMs = performance.now() + TURN_MS;
      }
      if (!isFresh()) throw new StaleLease();
      if (!this.#passOne(entry)) return;
    }
    turn.flush();
    this.#wakeWaiters();
  }

  /** Registers a stream at the position: from here on nothing passes it by. */
  register(userId: string, sessionId: string, outlet: Outlet): Connection {
    const position = this.position;
    if (position === undefined) throw refuse('database_unavailable');
    if (this.#cuts.hasSession(sessionId)) throw refuse('session_revoked');
    const session = this.sessions.get(sessionId) ?? new StreamSession(sessionId);
    const { streamsPerSession } = this.#options;
    if (streamsPerSession > 0 && session.connections.size >= streamsPerSession) throw refuse('too_many_streams');
    const reader = this.readers.get(userId) ?? this.#newReader(userId);
    const connection = new Connection(reader, session, outlet, position.pos, this.#options);
    this.sessions.set(sessionId, session);
    session.connections.add(connection);
    reader.connections.add(connection);
    this.connections.add(connection);
    outlet.onClose(() => this.release(connection));
    return connection;
  }

  /** Cuts a stream: its client resumes from the last id that it has. */
  cut(connection: Connection): void {
    connection.cut();
    this.release(connection);
  }

  /** Forgets a stream; what becomes of its outlet is the caller's to say. */
  release(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    connection.phase = 'gone';
    const { reader, session } = connection;
    session.connections.delete(connection);
    if (session.connections.size === 0) this.sessions.delete(session.id);
    reader.connections.delete(connection);
    if (reader.connections.size > 0) return;
    this.#index.remove(reader);
    this.readers.delete(reader.userId);
  }

  /** Resolves after the next read of the tail, or when time is up. */
  afterNextRead(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The readers of a row, by the one rule; the index only says who must be asked. */
  *readersOf(row: LogRow): Generator<Reader> {
    if (row.workspaceSeq === null && row.userId !== null) {
      const reader = this.readers.get(row.userId);
      if (reader?.isLoaded) yield reader;
      return;
    }
    for (const reader of this.#index.readersOf(row)) if (canSee(reader, row)) yield reader;
  }

  #passOne(entry: LogEntry): boolean {
    const definition = definitionOfCode(entry.code);
    if (definition === undefined) {
      this.#unknownCode = entry.code;
      this.cutAll();
      this.#options.onUnknown(entry.code);
      return false;
    }
    if (definition.effect !== undefined) this.#applyEffect(entry);
    this.#cuts.passed(entry);
    const frames = new EntryFrames(entry, this.#options.rendering);
    this.#options.onPass(frames);
    this.#position = { pos: entry.pos, nonce: entry.nonce };
    for (const reader of this.readersOf(entry)) {
      for (const connection of reader.connections) connection.deliver(frames);
    }
    this.#held.push(frames);
    if (this.#held.isOverfull) for (const reader of this.readers.values()) this.#dropUnloaded(reader);
    if (definition.kind === 'session.revoked') this.#endSession(frames);
    return true;
  }

  #applyEffect(entry: LogEntry): void {
    for (const reader of this.#affectedBy(entry, entry.opensFor)) this.#applyTo(reader, entry, entry.opensFor);
  }

  #affectedBy(row: LogRow, opensFor: readonly string[]): readonly Reader[] {
    const effect = definitionOfCode(row.code)?.effect;
    if (effect === 'ends_all') {
      const { scope, id } = scopeOf(row);
      return [...this.#index.membersOf(scope, id)];
    }
    const userIds = effect === 'opens_all' ? opensFor : [row.subjectId ?? ''];
    return userIds.flatMap((userId) => this.readers.get(userId) ?? []).filter(({ isLoaded }) => isLoaded);
  }

  #applyTo(reader: Reader, row: LogRow, opensFor: readonly string[]): void {
    this.#index.apply(reader, row, opensFor);
    const { scope, id, seq } = scopeOf(row);
    const end = this.#cuts.endOf(scope, id, reader.userId, seq);
    if (end !== undefined) this.#index.close(reader, scope, id, end);
  }

  #takeCut(row: LogRow): void {
    if (!this.#cuts.add(row)) return;
    const definition = definitionOfCode(row.code);
    if (definition?.kind === 'session.revoked') return this.#mute(row.subjectId ?? '');
    for (const reader of this.#affectedBy(row, [])) this.#index.apply(reader, row);
  }

  #mute(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (session === undefined || session.isRevoked) return;
    session.isRevoked = true;
    for (const connection of session.connections) connection.isMuted = true;
    setTimeout(() => {
      for (const connection of session.connections) this.cut(connection);
    }, REVOKED_ROW_WAIT_MS).unref();
  }

  #endSession(frames: EntryFrames): void {
    const sessionId = frames.entry.subjectId ?? '';
    this.#mute(sessionId);
    for (const connection of this.sessions.get(sessionId)?.connections ?? []) {
      // One that is attaching finds out by itself, and can still refuse in its wire's own words.
      if (connection.phase !== 'live') continue;
      connection.finish(frames);
      this.release(connection);
    }
  }

  #newReader(userId: string): Reader {
    const reader = new Reader(userId, this.#index.workspaceOf);
    this.readers.set(userId, reader);
    const hold = this.#held.begin();
    reader.loading = this.#load(reader, hold).finally(() => this.#held.end(hold));
    reader.loading.catch(() => {});
    return reader;
  }

  /** Reads the periods, then catches up with what passed meanwhile: each row is judged as it would have been live. */
  async #load(reader: Reader, hold: Hold): Promise<void> {
    const periods = await this.#options.loadPeriods(reader.userId);
    if (this.readers.get(reader.userId) !== reader) return;
    for (const period of periods) {
      this.#index.add(reader, period);
      if (period.leftSeq !== null) continue;
      const end = this.#cuts.endOf(period.scope, period.id, reader.userId, period.joinedSeq);
      if (end !== undefined) this.#index.close(reader, period.scope, period.id, end);
    }
    for (const frames of this.#held.since(hold)) {
      this.#applyTo(reader, frames.entry, frames.entry.opensFor);
      if (!canSee(reader, frames.row)) continue;
      for (const connection of reader.connections) connection.deliver(frames);
    }
    reader.isLoaded = true;
  }

  #dropUnloaded(reader: Reader): void {
    if (!reader.isLoaded) for (const connection of reader.connections) this.cut(connection);
  }

  #wakeWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
