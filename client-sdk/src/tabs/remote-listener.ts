import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import type { Arrival } from '../events/event.ts';
import type { HubListener } from '../events/listener.ts';
import { plainDetails, type TabMessage } from './tab-messages.ts';
import type { TabChannel } from './tab-platform.ts';

/** The most unacknowledged arrivals of a tab. */
const UNTAKEN_MAX = 1_000;
/** A tab that was silent for this long is gone or frozen; it joins again when it resumes. */
const SILENCE_MAX_MS = 300_000;

/** A listener in another tab. */
export class RemoteListener implements HubListener {
  readonly isLocal = false;
  isBehind = false;
  /** The people whose presence the tab watches. */
  watched: readonly string[] = [];
  place: string | undefined;
  readonly #channel: TabChannel;
  readonly #isVisible: () => boolean;
  #given = 0;
  #taken = 0;
  #receivedAtMs = performance.now();

  constructor(channel: TabChannel, since: string | undefined, isVisible: () => boolean) {
    this.#channel = channel;
    this.#isVisible = isVisible;
    this.place = since;
  }

  get isFull(): boolean {
    return this.#given - this.#taken >= UNTAKEN_MAX;
  }

  get isGone(): boolean {
    return performance.now() - this.#receivedAtMs > SILENCE_MAX_MS;
  }

  /** Acknowledges arrivals. True: the tab was too slow, has caught up, and wants more. */
  took(count: number): boolean {
    this.#taken = count;
    this.#receivedAtMs = performance.now();
    return this.isBehind && count >= this.#given;
  }

  give(arrival: Arrival): void {
    this.place = arrival.token;
    this.#given += 1;
    this.send({ type: 'arrival', count: this.#given, arrival });
  }

  onStatus(status: ConnectionStatus, details: ConnectionDetails): void {
    this.send({ type: 'status', status, details: plainDetails(details), isVisible: this.#isVisible() });
  }

  end(): void {
    this.send({ type: 'gone' });
    this.#channel.close();
  }

  send(message: TabMessage): void {
    this.#channel.send(message);
  }
}
