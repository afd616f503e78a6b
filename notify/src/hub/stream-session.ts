import { mayFollowWithScopes } from '@fechatter/contract';
import type { Connection } from './connection.ts';

/** How long the scopes of a key hold for its streams after they were read. */
const SCOPES_FRESH_MS = 2_000;

/** A session with open streams here. They live as long as it does, not as long as an access token. */
export class StreamSession {
  readonly id: string;
  readonly connections = new Set<Connection>();
  /** When its row must be read again at the latest, on the monotonic clock. */
  checkAtMs = Number.POSITIVE_INFINITY;
  isRevoked = false;
  /** When the scopes of its key were requested last, on the monotonic clock; undefined for the session of a person. */
  #scopesAtMs: number | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /** Whether these scopes, which were requested at this time, allow streams; null are those of a person. */
  isAllowed(scopes: readonly string[] | null, requestedAtMs: number): boolean {
    if (scopes === null) return true;
    this.#scopesAtMs = requestedAtMs;
    return mayFollowWithScopes(scopes);
  }

  /** It is a key's, whose scopes are read again each second. */
  get isOfKey(): boolean {
    return this.#scopesAtMs !== undefined;
  }

  /** Whether the scopes of its key were read too long ago to deliver anything. */
  get isStale(): boolean {
    return this.#scopesAtMs !== undefined && performance.now() - this.#scopesAtMs > SCOPES_FRESH_MS;
  }
}
