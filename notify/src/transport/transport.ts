import type { Frame } from '../wire/frame.ts';

/** Where a connection's frames go: a socket, or an async iterator. Nothing here waits, but for `drained`. */
export interface Transport {
  /** Takes a frame; it leaves with the next `flush`. */
  send(frame: Frame): void;
  /** Hands over what was sent. A reader that has fallen too far behind is cut. */
  flush(): void;
  /** How much room a frame takes here. */
  bytesOf(frame: Frame): number;
  /** Whether what was flushed has not left yet, because its reader takes no more. */
  readonly isBackedUp: boolean;
  /** Resolves when what was flushed has left, or the connection is gone; false when that took too long. */
  drained(timeoutMs: number): Promise<boolean>;
  /** Ends the connection behind what was sent: nothing more will come. */
  end(): void;
  /** Ends the connection now: its client resumes from the last id that it has. */
  cut(): void;
  /** Called when the connection is gone, whoever ended it. There is one listener: the last one given. */
  onClose(listener: () => void): void;
}
