import { reasonOf } from '../errors.ts';

const WATCHED_MAX = 200;
const GATHER_MS = 50;
const RETRY_MS = 2_000;

export interface StreamWatchesOptions {
  /** The people whom this client, and the tabs that share its stream, watch. */
  readonly wanted: () => Iterable<string>;
  readonly watch: (streamId: string, userIds: string[]) => Promise<unknown>;
}

/** Keeps the watched people of this client's streams up to date: sent for each new stream, and at each change. */
export class StreamWatches {
  readonly #options: StreamWatchesOptions;
  /** The stream of each connection, and the people that it was last asked to watch. */
  readonly #streams = new Map<object, { readonly streamId: string; sent: string }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StreamWatchesOptions) {
    this.#options = options;
  }

  ready(connection: object, streamId: string | undefined): void {
    if (streamId === undefined) this.#streams.delete(connection);
    else if (this.#streams.get(connection)?.streamId !== streamId)
      this.#streams.set(connection, { streamId, sent: '' });
    this.changed();
  }

  closed(connection: object): void {
    this.#streams.delete(connection);
  }

  /** Several changes are sent together. */
  changed(afterMs: number = GATHER_MS): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, afterMs);
  }

  #send(): void {
    const userIds = [...new Set(this.#options.wanted())].slice(-WATCHED_MAX);
    const wanted = userIds.join();
    for (const stream of this.#streams.values()) {
      if (stream.sent === wanted) continue;
      const before = stream.sent;
      stream.sent = wanted;
      this.#options.watch(stream.streamId, userIds).catch((error: unknown) => {
        // If the stream is gone, another one will follow; any other failure is retried.
        if (reasonOf(error) === 'stream_not_found' || stream.sent !== wanted) return;
        stream.sent = before;
        if ([...this.#streams.values()].includes(stream)) this.changed(RETRY_MS);
      });
    }
  }
}
