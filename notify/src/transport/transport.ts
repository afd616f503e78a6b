import type { Frame } from '../wire/frame.ts';

/** The destination of a connection's frames: a socket, or an async iterator. Nothing here waits, except `drained`. */
export interface Transport {
  /** Queues a frame until the next `flush`. */
  send(frame: Frame): void;
  /** Writes what was queued. A reader that has fallen too far behind is cut. */
  flush(): void;
  /** The size of a frame in this transport. */
  bytesOf(frame: Frame): number;
  /** Whether flushed bytes still wait, because the reader accepts no more. */
  readonly isBackedUp: boolean;
  /** Resolves when flushed bytes were accepted, or the connection is gone; false after the timeout. */
  drained(timeoutMs: number): Promise<boolean>;
  /** Ends the connection after what was sent. */
  end(): void;
  /** Ends the connection now: its client resumes from the last id that it has. */
  cut(): void;
  /** Called when the connection has ended, from either side. There is one listener: the last one given. */
  onClose(listener: () => void): void;
}
