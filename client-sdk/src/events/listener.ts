import type { ConnectionDetails, ConnectionStatus } from './connection.ts';
import type { Arrival, Event } from './event.ts';

/** Receives the status of a connection. It must not throw. */
export type StatusListener = (status: ConnectionStatus, details: ConnectionDetails) => void;

/** A receiver of the hub's events. */
export interface HubListener {
  /** Whether it is in this tab. */
  readonly isLocal: boolean;
  /** Up to where it was given everything. */
  readonly place: string | undefined;
  /** It was too slow and has left the connection. */
  isBehind: boolean;
  readonly isFull: boolean;
  onStatus(status: ConnectionStatus, details: ConnectionDetails): void;
  give(arrival: Arrival): void;
  end(end?: { readonly error?: unknown }): void;
}

/** Receives events in this tab, in a bounded queue. */
export class Listener implements HubListener {
  readonly isLocal = true;
  /** Up to where it was given everything, the queue included. */
  place: string | undefined;
  /** The position up to which everything was delivered. */
  cursor: string | undefined;
  /** It was too slow and has left the connection. */
  isBehind = false;
  readonly #onStatus: StatusListener;
  #status: ConnectionStatus | undefined;
  #details: ConnectionDetails = { transport: 'stream', error: undefined };
  #queue: Arrival[] = [];
  #end: { readonly error?: unknown } | undefined;
  readonly #queueMax: number;
  #wake = () => {};

  constructor(since: string | undefined, queueMax: number, onStatus: StatusListener) {
    this.#queueMax = queueMax;
    this.place = since;
    this.cursor = since;
    this.#onStatus = onStatus;
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#queueMax;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Reports the status if it has changed. */
  onStatus(status: ConnectionStatus, details = this.#details): void {
    if (this.#status === 'ended') return;
    const { transport, error } = this.#details;
    const isSame = transport === details.transport && error?.reason === details.error?.reason;
    if (status === this.#status && isSame) return;
    this.#status = status;
    this.#details = details;
    this.#onStatus(status, details);
  }

  give(arrival: Arrival): void {
    this.place = arrival.token;
    if (arrival.event === undefined && this.#queue.length === 0) this.cursor = arrival.token;
    else this.#queue.push(arrival);
    this.#wake();
  }

  /** An error is thrown after the last event. */
  end(end: { readonly error?: unknown } = {}): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.onStatus('ended');
    this.#wake();
  }

  /** The next event; undefined at the end. `onDrained` is called before it waits. */
  async next(onDrained: () => void): Promise<Event | undefined> {
    for (;;) {
      const arrival = this.#queue.shift();
      if (arrival !== undefined) {
        this.cursor = arrival.token;
        if (arrival.event !== undefined) return arrival.event;
      } else if (this.#end === undefined) {
        onDrained();
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if ('error' in this.#end) throw this.#end.error;
      else return undefined;
    }
  }

  /** Discards the queue. */
  clear(): void {
    this.#queue = [];
  }
}
