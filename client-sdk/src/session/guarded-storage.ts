import { inTime } from '../in-time.ts';
import { callIsolated, type ErrorReport } from '../report-error.ts';
import type { Session } from '../wire.ts';
import type { SessionStorage } from './session-storage.ts';

const STORAGE_MS = 5_000;
/** Another tab's refresh takes less time, or is not waited for: the service gives both tabs the same successor. */
const LOCK_WAIT_MS = 3_000;

/**
 * Wraps the app's storage. Its failures are reported and not thrown: what it cannot read is unknown, what it does not
 * accept is not kept, and nothing waits for it for ever.
 */
export class GuardedStorage {
  readonly #storage: SessionStorage;
  readonly #report: ErrorReport;
  #saved: Promise<void> = Promise.resolve();

  constructor(storage: SessionStorage, report: ErrorReport) {
    this.#storage = storage;
    this.#report = report;
  }

  async load(): Promise<Session | null> {
    try {
      return await inTime(this.#storage.load(), STORAGE_MS, 'the storage of the session');
    } catch (error) {
      this.#report(error);
      return null;
    }
  }

  /** Saves one after the other, so that the last one wins. */
  save(session: Session | null): Promise<void> {
    const save = async () => this.#storage.save(session);
    this.#saved = this.#saved.then(() => inTime(save(), STORAGE_MS, 'the storage of the session')).catch(this.#report);
    return this.#saved;
  }

  watch(onChange: (session: Session | null) => void): () => void {
    let stop: (() => void) | undefined;
    callIsolated(() => {
      stop = this.#storage.watch?.(onChange);
    }, this.#report);
    return () => callIsolated(() => stop?.(), this.#report);
  }

  /** Runs `work` while no other tab does; without a lock if it cannot be had in time. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let running: Promise<T> | undefined;
      const run = (): Promise<T> => {
        clearTimeout(timer);
        running ??= work();
        running.then(resolve, reject);
        return running;
      };
      const timer = setTimeout(() => void run(), LOCK_WAIT_MS);
      const lock = async () => (this.#storage.exclusively ? this.#storage.exclusively(run) : run());
      lock().then(
        () => running ?? run(),
        (error: unknown) => {
          if (running !== undefined) return;
          this.#report(error);
          void run();
        },
      );
    });
  }
}
