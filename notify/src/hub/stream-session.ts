import type { Connection } from './connection.ts';

/** A session with open streams here. They live as long as it does, not as long as an access token. */
export class StreamSession {
  readonly id: string;
  readonly connections = new Set<Connection>();
  /** When its row must be read again at the latest, on the monotonic clock. */
  checkAtMs = Number.POSITIVE_INFINITY;
  isRevoked = false;

  constructor(id: string) {
    this.id = id;
  }
}
