import type { PushKind } from '@fechatter/contract';
import { nativePushHosts } from '@fechatter/drizzle';
import type { ClaimLimits } from './claim-pushes.ts';

/** How many requests may be open at once. */
const AT_ONCE_MAX = 192;
/** To one push service: at first, and at most. */
const WINDOW_FIRST = 4;
const WINDOW_MAX = 48;
/** For all push services together that have not just answered quickly. */
const UNPROVEN_MAX = 64;
const QUICK_MAX_MS = 2_000;
const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** Anybody can subscribe with hosts of their own. */
const HOSTS_MAX = 10_000;

/** How a request to a push service ended. */
export interface RequestEnd {
  readonly isReachable: boolean;
  readonly tookMs: number;
}

interface HostState {
  open: number;
  /** How many may be open: one more for each quick answer, and only one after a slow one or a failure. */
  window: number;
  /** Whether the last answer was quick. */
  isProven: boolean;
  failures: number;
  pausedUntilMs: number;
}

/**
 * Keeps push services apart: each has a share of the open requests, which it must earn by answering quickly. Those that have
 * not yet, or do not any more, have a third of all requests together. One that does not answer is asked once in a while, by one
 * request.
 */
export class PushHosts {
  readonly #hosts = new Map<string, HostState>();
  readonly #nowMs: () => number;
  /** To a push service that it does not know. */
  readonly #first: number;
  readonly #notSent: readonly string[];
  #open = 0;

  /** `kinds`: those that this worker sends; it claims no others. */
  constructor(kinds: readonly PushKind[], nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
    this.#first = kinds.includes('WebPush') ? WINDOW_FIRST : 0;
    for (const kind of ['Fcm', 'Apns'] as const)
      if (kinds.includes(kind)) for (const host of nativePushHosts[kind]) this.#hosts.set(host, newHost());
    this.#notSent = (['Fcm', 'Apns'] as const).flatMap((kind) => (kinds.includes(kind) ? [] : nativePushHosts[kind]));
  }

  /** How many more requests may be opened. */
  get free(): number {
    return AT_ONCE_MAX - this.#open;
  }

  /** How many more requests may be opened, also to each push service that is known. */
  get limits(): ClaimLimits {
    const now = this.#nowMs();
    const hosts = new Map(this.#notSent.map((host) => [host, { free: 0, isProven: false }]));
    let unproven = UNPROVEN_MAX;
    for (const [host, { open, window, isProven, pausedUntilMs }] of this.#hosts) {
      if (!isProven) unproven -= open;
      hosts.set(host, { free: pausedUntilMs > now ? 0 : Math.max(0, window - open), isProven });
    }
    return { max: this.free, unproven: Math.max(0, unproven), perHost: this.#first, hosts };
  }

  begin(host: string): void {
    const state = this.#hosts.get(host) ?? newHost();
    state.open++;
    this.#open++;
    // The latest is last.
    this.#hosts.delete(host);
    this.#hosts.set(host, state);
    if (this.#hosts.size > HOSTS_MAX) this.#dropOldest();
  }

  end(host: string, { isReachable, tookMs }: RequestEnd): void {
    this.#open--;
    const state = this.#hosts.get(host);
    if (state === undefined) return;
    state.open--;
    state.failures = isReachable ? 0 : state.failures + 1;
    state.isProven = isReachable && tookMs < QUICK_MAX_MS;
    state.window = state.isProven ? Math.min(state.window + 1, WINDOW_MAX) : 1;
    const pauseMs = Math.min(PAUSE_FIRST_MS * 2 ** Math.min(state.failures - 1, 20), PAUSE_MAX_MS);
    state.pausedUntilMs = isReachable ? 0 : this.#nowMs() + pauseMs;
  }

  #dropOldest(): void {
    for (const [host, { open }] of this.#hosts)
      if (open === 0) {
        this.#hosts.delete(host);
        return;
      }
  }
}

const newHost = (): HostState => ({
  open: 0,
  window: WINDOW_FIRST,
  isProven: false,
  failures: 0,
  pausedUntilMs: 0,
});
