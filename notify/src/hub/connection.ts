import { canSee } from '@fechatter/contract';
import { newStreamId } from './stream-id.ts';
import type { Transport } from '../transport/transport.ts';
import type { EntryFrames } from './entry-frames.ts';
import type { Reader } from './reader.ts';
import type { StreamSession } from './stream-session.ts';

/** The limit for content that waits in the socket's buffer and this one together. */
export interface ConnectionLimits {
  readonly bufferMaxBytes: number;
  /** Called if more than that waits before the stream is live, in which case it is cut. */
  readonly onOverfull?: () => void;
}

/**
 * One stream. While it is attaching, rows that the tail passes on are kept; once it is live, everything is sent at
 * once.
 */
export class Connection {
  readonly reader: Reader;
  readonly session: StreamSession;
  readonly transport: Transport;
  readonly streamId = newStreamId();
  /** Rows up to here do not concern this connection: it registered at this position, or its token ended there. */
  startPos: number;
  phase: 'attaching' | 'live' | 'gone' = 'attaching';
  /** Its session has ended: it gets only the row of that end. */
  isMuted = false;
  /** Whether its token was accepted: `ready` repeats this once an hour. */
  isResumed = false;
  readyAgainAtMs = Number.POSITIVE_INFINITY;
  cutAtMs = Number.POSITIVE_INFINITY;
  #waiting: EntryFrames[] = [];
  #waitingBytes = 0;
  readonly #limits: ConnectionLimits;

  constructor(
    reader: Reader,
    session: StreamSession,
    transport: Transport,
    startPos: number,
    limits: ConnectionLimits,
  ) {
    this.reader = reader;
    this.session = session;
    this.transport = transport;
    this.startPos = startPos;
    this.#limits = limits;
  }

  /**
   * Whether it has ended, so that pending work for it is pointless. A method, because the value can change during an
   * await.
   */
  isGone(): boolean {
    return this.phase === 'gone';
  }

  /**
   * Whether it accepts signals: it is live, and its reader keeps up. Signals may be lost, so they never cause a reader
   * to be cut.
   */
  get takesSignals(): boolean {
    return this.phase === 'live' && !this.isMuted && !this.session.isStale && !this.transport.isBackedUp;
  }

  /** Delivers a row that its reader sees. */
  deliver(frames: EntryFrames): void {
    if (this.isMuted) return;
    if (this.session.isStale) this.cut();
    else if (this.phase === 'live') this.transport.send(frames.for(this.reader.userId));
    else if (this.phase === 'attaching' && frames.entry.pos > this.startPos) {
      this.#waiting.push(frames);
      this.#waitingBytes += this.transport.bytesOf(frames.for(this.reader.userId));
      if (this.#waitingBytes <= this.#limits.bufferMaxBytes) return;
      this.#limits.onOverfull?.();
      this.cut();
    }
  }

  /**
   * Sends the waiting rows after checking rights again: what was revoked meanwhile is not shown. From here on it is
   * live.
   */
  goLive(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.phase = 'live';
    for (const frames of waiting) {
      if (frames.entry.pos > this.startPos && canSee(this.reader, frames.row)) this.deliver(frames);
    }
  }

  /** Sends the last frame that it will get, and ends. */
  finish(frames: EntryFrames): void {
    this.transport.send(frames.for(this.reader.userId));
    this.transport.end();
    this.#over();
  }

  cut(): void {
    if (this.phase === 'gone') return;
    this.#over();
    this.transport.cut();
  }

  /** Marks it as ended: its transport is gone. */
  #over(): void {
    this.phase = 'gone';
    this.#waiting = [];
  }
}
