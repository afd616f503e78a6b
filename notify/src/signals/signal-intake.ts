import type { ChatSignal, PresenceHint } from '@fechatter/contract';
import { readPayload } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';

export interface SignalIntakeOptions {
  /** Hands a signal to its readers; returns to how many streams. */
  readonly deliver: (signal: ChatSignal) => number;
  /** Takes a hint of what is to be read again. */
  readonly onHint: (hint: PresenceHint) => void;
  /** Called at the end of each turn: what was handed over leaves. */
  readonly flush: () => void;
}

/** What became of what came in on the channel. */
export interface IntakeCounts {
  /** Signals that were handed to those who may see them, and to how many streams. */
  taken: number;
  deliveries: number;
  /** Entries of kinds that only a newer build knows, and entries or payloads that are no signals. */
  unknown: number;
  malformed: number;
  /** Payloads that were dropped unread, because more came than this process has time for. */
  droppedPayloads: number;
  /** How long all of this took. */
  workedMs: number;
}

const PAYLOADS_MAX = 64;
/** How long one turn works before others have theirs. */
const TURN_MS = 5;
/** Of each second no more than this goes into signals, however many come: events come first. */
const SHARE = 0.2;

/** Takes payloads as they come and hands their signals out, within a share of the process's time. The oldest go first. */
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
  /** Until then the time that was worked is more than the share. */
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

  /** Lets what was written leave, and rests until what was worked is no more than the share. */
  async #endTurn(beganAtMs: number): Promise<void> {
    this.#options.flush();
    const nowMs = performance.now();
    const workedMs = nowMs - beganAtMs;
    this.counts.workedMs += workedMs;
    this.#restUntilMs = Math.max(this.#restUntilMs, beganAtMs) + workedMs / SHARE;
    if (this.#restUntilMs > nowMs) await wait(this.#restUntilMs - nowMs, undefined, { ref: false });
  }
}
