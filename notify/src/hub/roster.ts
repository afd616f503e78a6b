import { canSee, canSeeNow, definitionOfCode, type LogRow } from '@fechatter/contract';
import type { LogEntry } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import type { Transport } from '../transport/transport.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import { RevocationMemory } from './revocation-memory.ts';
import type { EntryFrames } from './entry-frames.ts';
import { HeldRows } from './held-rows.ts';
import { IdleReaders } from './idle-readers.ts';
import { MembershipIndex, scopeOf, type StoredMemberships } from './membership-index.ts';
import { Reader } from './reader.ts';
import { StreamSession } from './stream-session.ts';
import { endsMemberships, UnsettledReaders } from './unsettled-readers.ts';

export interface RosterOptions extends ConnectionLimits {
  readonly loadMemberships: (userId: string) => Promise<StoredMemberships>;
  /** Called when a stream is gone, for whatever reason. */
  readonly onReleased?: (connection: Connection) => void;
  /** How many streams a session can have in this process; 0 for any number. */
  readonly streamsPerSession: number;
  /** How many streams a person can have in this process, over all sessions; 0 for any number. */
  readonly streamsPerPerson: number;
}

const REVOKED_ROW_WAIT_MS = 2_000;

/** The connected people, and what each of them can see as far as the tail knows. */
export class Roster {
  readonly sessions = new Map<string, StreamSession>();
  readonly readers = new Map<string, Reader>();
  readonly connections = new Set<Connection>();
  readonly #index = new MembershipIndex();
  readonly #revocations = new RevocationMemory();
  readonly #held = new HeldRows();
  readonly #unsettled = new UnsettledReaders(this.#index);
  readonly #idle = new IdleReaders((reader) => this.#forget(reader));
  readonly #options: RosterOptions;

  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Cuts all streams and forgets everything: the history is new. */
  clear(): void {
    this.#cutAll(this);
    this.#idle.forgetAll();
    this.#revocations.clear();
  }

  register(userId: string, sessionId: string, transport: Transport, pos: number): Connection {
    if (this.#revocations.hasSession(sessionId)) throw refuse('session_revoked');
    const session = this.sessions.get(sessionId) ?? new StreamSession(sessionId);
    const { streamsPerSession, streamsPerPerson } = this.#options;
    if (streamsPerSession > 0 && session.connections.size >= streamsPerSession) throw refuse('too_many_streams');
    const streams = this.readers.get(userId)?.connections.size ?? 0;
    if (streamsPerPerson > 0 && streams >= streamsPerPerson) throw refuse('too_many_streams');
    const reader = this.readers.get(userId) ?? this.#newReader(userId);
    this.#idle.delete(reader);
    const connection = new Connection(reader, session, transport, pos, this.#options);
    this.sessions.set(sessionId, session);
    session.connections.add(connection);
    reader.connections.add(connection);
    this.connections.add(connection);
    transport.onClose(() => this.release(connection));
    return connection;
  }

  /** Cuts a stream: its client resumes from the last id that it has. */
  cut(connection: Connection): void {
    connection.cut();
    this.release(connection);
  }

  /** Forgets a stream; the caller handles its transport. */
  release(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    connection.phase = 'gone';
    this.#options.onReleased?.(connection);
    const { reader, session } = connection;
    session.connections.delete(connection);
    if (session.connections.size === 0) this.sessions.delete(session.id);
    reader.connections.delete(connection);
    if (reader.connections.size > 0) return;
    return reader.isLoaded ? this.#idle.add(reader) : this.#forget(reader);
  }

  /** The readers of a row, by the one rule; the index only narrows down the candidates. */
  readersOf(row: LogRow): readonly Reader[] {
    if (row.workspaceSeq === null && row.userId !== null) {
      const reader = this.readers.get(row.userId);
      return reader?.isLoaded ? [reader] : [];
    }
    const readers: Reader[] = [];
    for (const reader of this.#index.readersOf(row)) if (canSee(reader, row)) readers.push(reader);
    return readers;
  }

  /** The people who are in a chat now, by the same rule: the readers of its signals. */
  readersNow(chatId: string): readonly Reader[] {
    return [...this.#index.membersOf('chat', chatId)].filter((reader) => canSeeNow(reader, chatId));
  }

  /** Applies a revocation: it holds from now on, whatever the position of its row. */
  takeCut(row: LogRow): void {
    if (!this.#revocations.add(row)) return;
    if (definitionOfCode(row.code)?.kind === 'session.revoked') return this.mute(row.subjectId ?? '');
    for (const reader of this.#affectedBy(row, [])) this.#index.apply(reader, row);
  }

  /** Applies what a row does to memberships, when the row is passed on in its order. */
  takeEffect(entry: LogEntry): void {
    this.#revocations.passed(entry);
    if (definitionOfCode(entry.code)?.effect === undefined) return;
    for (const reader of this.#affectedBy(entry, entry.opensFor)) this.#takeFor(reader, entry);
    for (const reader of this.#unsettled.missing(entry)) this.#cutAndForget(reader);
  }

  /** Keeps a row for readers whose periods are being loaded; a reader with too many waiting rows is cut. */
  hold(frames: EntryFrames): void {
    this.#held.push(frames);
    if (!this.#held.isOverfull) return;
    for (const reader of this.readers.values()) if (!reader.isLoaded) this.#cutAll(reader);
  }

  /** A session has ended: its streams get only the row of that end, if it arrives. */
  mute(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (session === undefined || session.isRevoked) return;
    session.isRevoked = true;
    for (const connection of session.connections) connection.isMuted = true;
    setTimeout(() => this.#cutAll(session), REVOKED_ROW_WAIT_MS).unref();
  }

  /** The row of that end has arrived: it is the last frame of the session's streams. */
  endSession(frames: EntryFrames): void {
    for (const connection of this.sessions.get(frames.entry.subjectId ?? '')?.connections ?? []) {
      // A stream that is attaching notices by itself, and can still refuse in its wire's own format.
      if (connection.phase !== 'live') continue;
      connection.finish(frames);
      this.release(connection);
    }
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

  #cutAll({ connections }: Pick<Reader, 'connections'>): void {
    for (const connection of connections) this.cut(connection);
  }

  #takeFor(reader: Reader, entry: LogEntry): void {
    this.#index.apply(reader, entry, entry.opensFor);
    const { scope, id, seq } = scopeOf(entry);
    const end = this.#revocations.endOf(scope, id, reader.userId, seq);
    if (end !== undefined) this.#index.close(reader, scope, id, end);
    if (scope === 'workspace') this.#narrow(reader, id);
    if (!endsMemberships(entry) || !this.#index.hasEnd(reader, scope, id, seq)) return;
    const ended = { scope, id, leftSeq: seq, leftAtMs: entry.createdAt.getTime() };
    for (const old of reader.ended.add(ended)) this.#index.forget(reader, old);
  }

  /** They became a Guest of the workspace, in a row that may not have been passed on yet. */
  #narrow(reader: Reader, workspaceId: string): void {
    const sinceSeq = this.#revocations.guestSeqOf(workspaceId, reader.userId);
    if (sinceSeq !== undefined) this.#index.change(reader, workspaceId, { isGuest: true, sinceSeq });
  }

  /** The known periods of the reader are incomplete: when its streams come back, they are read again. */
  #cutAndForget(reader: Reader): void {
    this.#cutAll(reader);
    this.#idle.delete(reader);
    this.#forget(reader);
  }

  #forget(reader: Reader): void {
    this.#index.remove(reader);
    this.#unsettled.delete(reader);
    this.#held.end(reader.hold);
    this.readers.delete(reader.userId);
  }

  #newReader(userId: string): Reader {
    const reader = new Reader(userId, this.#index.workspaceOf, this.#held.begin());
    this.readers.set(userId, reader);
    reader.loading = this.#load(reader).finally(() => this.#held.end(reader.hold));
    // Everyone who waits for it gets the error; if no one waits any more, it is not an unhandled one.
    reader.loading.catch(() => {});
    return reader;
  }

  /**
   * Loads the periods, then catches up with the rows that were passed on meanwhile: each row is checked as it would
   * have been live.
   */
  async #load(reader: Reader): Promise<void> {
    const stored = await this.#options.loadMemberships(reader.userId);
    if (this.readers.get(reader.userId) !== reader) return;
    this.#index.load(reader, stored);
    for (const { scope, id, joinedSeq, leftSeq } of stored.periods) {
      const end = leftSeq === null ? this.#revocations.endOf(scope, id, reader.userId, joinedSeq) : undefined;
      if (end !== undefined) this.#index.close(reader, scope, id, end);
      if (scope === 'workspace' && leftSeq === null) this.#narrow(reader, id);
    }
    if (stored.isCut) this.#unsettled.add(reader, stored.readAtMs);
    for (const frames of this.#held.since(reader.hold)) {
      this.#takeFor(reader, frames.entry);
      if (this.#unsettled.missing(frames.entry).includes(reader)) return this.#cutAll(reader);
      if (!canSee(reader, frames.row)) continue;
      for (const connection of reader.connections) connection.deliver(frames);
    }
    reader.isLoaded = true;
  }
}
