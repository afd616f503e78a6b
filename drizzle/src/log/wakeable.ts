/** A wait that ends when it is woken, when time is up or when the signal aborts. A wake before the wait is not lost. */
export class Wakeable {
  #isWoken = false;
  #wakeNow: (() => void) | undefined;

  wake(): void {
    this.#isWoken = true;
    this.#wakeNow?.();
  }

  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#isWoken && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.#wakeNow = undefined;
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        signal.addEventListener('abort', done, { once: true });
        this.#wakeNow = done;
      });
    }
    this.#isWoken = false;
  }
}
