import { ConnectionError, type ConnectionProblem } from './connection-error.ts';

/** How events arrive. `polling`: streams do not work here, so the client polls for events. */
export type EventTransport = 'stream' | 'polling';

const FAILURES_MAX = 2;
/** After this time a stream is tried again: the obstacle may be gone. */
const POLLING_MS = 600_000;
const MAY_POLL: ReadonlySet<ConnectionProblem> = new Set(['no_answer', 'not_a_stream', 'buffered']);

/** Chooses streams until they have proved not to work, then polling. All connections of a client share it. */
export class TransportChoice {
  #failures = 0;
  #pollingUntilMs = 0;
  #hasPolled = false;
  /** Why it is not a stream. */
  #reason: ConnectionError | undefined;

  get transport(): EventTransport {
    return performance.now() < this.#pollingUntilMs ? 'polling' : 'stream';
  }

  get reason(): ConnectionError | undefined {
    return this.transport === 'polling' ? this.#reason : undefined;
  }

  worked(transport: EventTransport): void {
    if (transport === 'stream') this.#failures = 0;
    else this.#hasPolled = true;
  }

  failed(transport: EventTransport, error: unknown): void {
    if (transport === 'polling') {
      // Polling fails too, so it is no better than a stream.
      if (!this.#hasPolled) this.#pollingUntilMs = 0;
      return;
    }
    if (!(error instanceof ConnectionError)) return;
    if (error.reason === 'no_streaming') return this.#poll(error, Number.POSITIVE_INFINITY);
    if (!MAY_POLL.has(error.reason)) return;
    this.#failures += 1;
    if (this.#failures >= FAILURES_MAX) this.#poll(error, performance.now() + POLLING_MS);
  }

  /** Takes over what another tab of this browser has found out. */
  adopt({
    transport,
    error,
  }: {
    readonly transport: EventTransport;
    readonly error: ConnectionError | undefined;
  }): void {
    if (transport === this.transport) return;
    if (transport === 'stream') this.#pollingUntilMs = 0;
    else if (error !== undefined) this.#poll(error, performance.now() + POLLING_MS);
  }

  #poll(reason: ConnectionError, untilMs: number): void {
    // When the stream is tried again, one more failure is enough.
    this.#failures = FAILURES_MAX - 1;
    this.#hasPolled = false;
    this.#reason = reason;
    this.#pollingUntilMs = untilMs;
  }
}
