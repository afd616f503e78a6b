import type { ConnectionDetails, ConnectionStatus } from './connection.ts';
import type { Arrival, Event } from './event.ts';

/** Hears how it stands with a connection. It throws nothing. */
export type StatusListener = (status: ConnectionStatus, details: ConnectionDetails) => void;

/** What a hub gives events to. */
export interface HubListener {
  /** In this tab. */
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

/** Receives events in this tab: a queue with an end. */
export class Listener implements HubListener {
  readonly isLocal = true;
  /** Up to where it was given everything, the queue included. */
  place: string | undefined;
  /** Up to where everything was handed out. */
  cursor: string | undefined;
  /** It was too slow and has left the connection. */
  isBehind = false;
  readonly #tell: StatusListener;
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
    this.#tell = onStatus;
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#queueMax;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Tells what is new in it. */
  onStatus(status: ConnectionStatus, details = this.#details): void {
    if (this.#status === 'ended') return;
    const { transport, error } = this.#details;
    const isSame = transport === details.transport && error?.reason === details.error?.reason;
    if (status === this.#status && isSame) return;
    this.#status = status;
    this.#details = details;
    this.#tell(status, details);
  }

  give(arrival: Arrival): void {
    this.place = arrival.token;
    if (arrival.event === undefined && this.#queue.length === 0) this.cursor = arrival.token;
    else this.#queue.push(arrival);
    this.#wake();
  }

  /** With an error, it is thrown behind the last event. */
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

  /** Nothing more is wanted. */
  clear(): void {
    this.#queue = [];
  }
}
