import { canSee } from '@fechatter/contract';
import type { Transport } from '../transport/transport.ts';
import type { EntryFrames } from './entry-frames.ts';
import type { Reader } from './reader.ts';
import type { StreamSession } from './stream-session.ts';

/** Content waits in the socket's and this buffer together no further than this. */
export interface ConnectionLimits {
  readonly bufferMaxBytes: number;
  /** Called where more waits than that before the stream is live: it is cut. */
  readonly onOverfull?: () => void;
}

/**
 * One stream. While it is attaching, what the tail passes is kept for later; then everything goes out as it comes.
 */
export class Connection {
  readonly reader: Reader;
  readonly session: StreamSession;
  readonly transport: Transport;
  /** Rows up to here are not this connection's business: it registered, or its token ended, there. */
  startPos: number;
  phase: 'attaching' | 'live' | 'gone' = 'attaching';
  /** Its session has ended: nothing more but the row that says so. */
  isMuted = false;
  /** Whether its token was honoured: `ready` says it again once an hour. */
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

  /** Whether it is over; what was asked for on its behalf is in vain. A method, because awaiting changes the answer. */
  isGone(): boolean {
    return this.phase === 'gone';
  }

  /**
   * Whether it takes signals: it is live, and its reader keeps up. Signals may be lost, so that they never make a reader
   * slow enough to be cut.
   */
  get takesSignals(): boolean {
    return this.phase === 'live' && !this.isMuted && !this.transport.isBackedUp;
  }

  /** Takes a row that its reader sees. */
  deliver(frames: EntryFrames): void {
    if (this.isMuted) return;
    if (this.phase === 'live') this.transport.send(frames.for(this.reader.userId));
    else if (this.phase === 'attaching' && frames.entry.pos > this.startPos) {
      this.#waiting.push(frames);
      this.#waitingBytes += this.transport.bytesOf(frames.for(this.reader.userId));
      if (this.#waitingBytes <= this.#limits.bufferMaxBytes) return;
      this.#limits.onOverfull?.();
      this.cut();
    }
  }

  /** Sends what waited, judged anew: what was taken away meanwhile is not shown. From here on it is live. */
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

  /** Marks it as over: its transport is gone. */
  #over(): void {
    this.phase = 'gone';
    this.#waiting = [];
  }
}
