import type { TabPlatform } from './tab-platform.ts';

export interface ElectionOptions {
  readonly platform: TabPlatform;
  /** The name of the lock. */
  readonly name: string;
  /** How long the browser may take to give a lock that no one holds. */
  readonly patienceMs: number;
  /** Called when this tab becomes or stops being the leader, or works alone. */
  readonly onChange: () => void;
}

/**
 * Decides whether this tab leads the others: the leader holds the lock. `alone`: this browser has no locks, or tabs
 * cannot reach each other; each tab then works alone.
 */
export class Election {
  state: 'waits' | 'leads' | 'sleeps' | 'alone' | 'closed' = 'waits';
  /** Another tab has taken the lead away from this one. */
  wasDeposed = false;
  readonly #options: ElectionOptions;
  readonly #stopListening: () => void;
  #queued = new AbortController();
  #release = () => {};
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#stopListening = options.platform.onFreeze(
      () => this.#sleep(),
      () => this.#wake(),
    );
    this.#queue();
  }

  /** Takes over from a leader that does not respond. */
  depose(): void {
    if (this.state !== 'waits' || this.#late !== undefined) return;
    this.#queued.abort();
    this.#late = setTimeout(() => this.goAlone(), this.#options.patienceMs);
    this.#request({ steal: true });
  }

  goAlone(): void {
    if (this.state === 'closed' || this.state === 'alone') return;
    this.#withdraw('alone');
    this.#options.onChange();
  }

  /** Another tab leads after all. */
  queueAgain(): void {
    if (this.state !== 'alone') return;
    this.#queue();
    this.#options.onChange();
  }

  close(): void {
    this.#stopListening();
    this.#withdraw('closed');
  }

  /** Leads as soon as no other tab does. */
  #queue(): void {
    this.state = 'waits';
    this.#queued = new AbortController();
    this.#request({ signal: this.#queued.signal });
  }

  #request(how: LockOptions): void {
    const { platform, name } = this.#options;
    let isGiven = false;
    const hold = () => {
      isGiven = true;
      return this.#lead();
    };
    const refused = () => {
      if (how.signal?.aborted === true) return;
      if (!isGiven) this.goAlone();
      else if (this.state === 'leads') this.#fall();
    };
    // Where cookies are blocked, some browsers throw at once.
    const request = async () => platform.locks.request(name, how, hold);
    request().catch(refused);
  }

  /** Resolves when this tab stops being the leader. */
  async #lead(): Promise<void> {
    if (this.state !== 'waits') return;
    clearTimeout(this.#late);
    this.#late = undefined;
    this.state = 'leads';
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#options.onChange();
    await released;
  }

  #fall(): void {
    this.wasDeposed = true;
    this.#queue();
    this.#options.onChange();
  }

  /** A frozen tab can neither lead nor wait to lead: it would get the lock, and keep it. */
  #sleep(): void {
    if (this.state !== 'waits' && this.state !== 'leads') return;
    this.#withdraw('sleeps');
    this.#options.onChange();
  }

  #wake(): void {
    if (this.state !== 'sleeps') return;
    this.#queue();
    this.#options.onChange();
  }

  #withdraw(state: 'sleeps' | 'alone' | 'closed'): void {
    this.state = state;
    clearTimeout(this.#late);
    this.#late = undefined;
    this.#queued.abort();
    this.#release();
  }
}
