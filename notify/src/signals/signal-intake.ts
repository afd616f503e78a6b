import type { ChatSignal, PresenceHint } from '@fechatter/contract';
import { readPayload } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';

export interface SignalIntakeOptions {
  /** Sends a signal to its readers; returns the number of streams. */
  readonly deliver: (signal: ChatSignal) => number;
  /** Handles a hint to read something again. */
  readonly onHint: (hint: PresenceHint) => void;
  /** Called at the end of each turn: writes what was sent. */
  readonly flush: () => void;
}

/** What happened to the channel's payloads. */
export interface IntakeCounts {
  /** Signals that were delivered, and to how many streams. */
  taken: number;
  deliveries: number;
  /** Entries of kinds that only a newer build knows, and invalid entries or payloads. */
  unknown: number;
  malformed: number;
  /** Payloads that were dropped unread, because this process had no time for them. */
  droppedPayloads: number;
  /** The total time spent on signals. */
  workedMs: number;
}

const PAYLOADS_MAX = 64;
/** The longest time in one turn of the event loop. */
const TURN_MS = 5;
/** The most time per second for signals, however many there are, because events come first. */
const SHARE = 0.2;

/** Receives payloads and delivers their signals, within a share of the process's time. The oldest go first. */
export class SignalIntake {
  readonly counts: IntakeCounts = {
    taken: 0,
    deliveries: 0,
    unknown: 0,
    malformed: 0,
    droppedPayloads: 0,
    workedMs: 0,
  };
  readonly #options: SignalIntakeOptions;
  readonly #payloads: string[] = [];
  #isRunning = false;
  /** Until this time, the spent time exceeds the share. */
  #restUntilMs = 0;

  constructor(options: SignalIntakeOptions) {
    this.#options = options;
  }

  take(payload: string): void {
    if (this.#payloads.length === PAYLOADS_MAX) {
      this.#payloads.shift();
      this.counts.droppedPayloads++;
    }
    this.#payloads.push(payload);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let payload = this.#payloads.shift(); payload !== undefined; payload = this.#payloads.shift()) {
      let beganAtMs = performance.now();
      for (const signal of this.#read(payload)) {
        if (performance.now() - beganAtMs > TURN_MS) {
          await this.#endTurn(beganAtMs);
          beganAtMs = performance.now();
        }
        this.counts.taken++;
        this.counts.deliveries += this.#options.deliver(signal);
      }
      await this.#endTurn(beganAtMs);
    }
    this.#isRunning = false;
  }

  #read(payload: string): readonly ChatSignal[] {
    const { signals, hints, unknown, malformed } = readPayload(payload);
    for (const hint of hints) this.#options.onHint(hint);
    this.counts.unknown += unknown;
    this.counts.malformed += malformed;
    return signals;
  }

  /** Flushes, then rests until the spent time is within the share. */
  async #endTurn(beganAtMs: number): Promise<void> {
    this.#options.flush();
    const nowMs = performance.now();
    const workedMs = nowMs - beganAtMs;
    this.counts.workedMs += workedMs;
    this.#restUntilMs = Math.max(this.#restUntilMs, beganAtMs) + workedMs / SHARE;
    if (this.#restUntilMs > nowMs) await wait(this.#restUntilMs - nowMs, undefined, { ref: false });
  }
}
