/** What has bytes to hand over at the end of this turn. */
export interface Flushable {
  flush(): void;
  cut(): void;
}

/**
 * Collects writes: frames that one turn of the event loop has for a connection leave in one system call. Whoever sends
 * flushes before it waits for anything. The lease is checked here, directly before the writes: content that was judged
 * under it and would leave after it (a process that was stopped between the two) is not written, and its streams are
 * cut, because their position has moved on.
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

  /** Hands over content, if the lease still holds. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    if (this.#isFresh()) return this.flushBare();
    for (const transport of this.#take()) transport.cut();
  }

  /** Hands over what shows nothing to anybody: pings. */
  flushBare(): void {
    for (const transport of this.#take()) transport.flush();
  }

  #take(): readonly Flushable[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
