import type { FechatterClient } from '../create-fechatter.ts';
import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import type { OwnSlice, slices } from './slice.ts';
import type { Connection } from './store.ts';

/** The state of the connection as a store shows it. */
export class ConnectionState {
  readonly slice: OwnSlice<Connection>;
  /** The error that ended it. */
  error: unknown;
  #status: ConnectionStatus = 'connecting';
  #details: ConnectionDetails = { transport: 'stream', error: undefined };
  #isLoaded = false;

  constructor(client: Pick<FechatterClient, 'events'>, sliceOf: ReturnType<typeof slices>) {
    this.slice = sliceOf(() => ({
      status: this.#status,
      isLoaded: this.#isLoaded,
      counts: client.events().counts,
      transport: this.#details.transport,
      error: this.#status === 'ended' ? this.error : this.#details.error,
    }));
  }

  /** Everything was read. */
  loaded(): void {
    this.#isLoaded = true;
    this.slice.invalidate();
  }

  set(status: ConnectionStatus, details = this.#details): void {
    this.#status = status;
    this.#details = details;
    this.slice.invalidate();
  }
}
