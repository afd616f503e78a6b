/** Something that has bytes to write at the end of this turn. */
export interface Flushable {
  flush(): void;
  cut(): void;
}

/**
 * Collects writes: the frames of one turn of the event loop for a connection are written in one system call. A sender
 * must flush before it awaits anything. The lease is checked here, directly before the write to each connection: content
 * that was checked under the lease but would be written after it (because the process was frozen in between, perhaps
 * between two connections) is not written, and its stream is cut, because its position has moved on.
 */
export class WriteTurn {
  readonly #isFresh: () => boolean;
  #waiting: Flushable[] = [];

  constructor(isFresh: () => boolean) {
    this.#isFresh = isFresh;
  }

  add(transport: Flushable): void {
    this.#waiting.push(transport);
  }

  /** Writes content while the lease holds. */
  flush(): void {
    for (const transport of this.#take())
      if (this.#isFresh()) transport.flush();
      else transport.cut();
  }

  /** Writes frames without content, such as pings. */
  flushBare(): void {
    for (const transport of this.#take()) transport.flush();
  }

  #take(): readonly Flushable[] {
    const waiting = this.#waiting;
    if (waiting.length > 0) this.#waiting = [];
    return waiting;
  }
}
