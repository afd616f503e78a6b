/** What has bytes to hand over at the end of this turn. */
export interface Flushable {
  flush(): void;
}

/**
 * Collects writes: frames that one turn of the event loop has for a connection leave in one system call. Whoever sends
 * flushes before it waits for anything.
 */
export class WriteTurn {
  #waiting: Flushable[] = [];

  add(outlet: Flushable): void {
    this.#waiting.push(outlet);
  }

  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const outlet of waiting) outlet.flush();
  }
}
