import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { ConnectionError, type ConnectionProblem } from '../events/connection-error.ts';
import type { Arrival } from '../events/event.ts';

// What tabs of one session say to each other. Never a token of the session.

/** Raised when the meaning of a message changes: tabs with another release of the SDK have a stream of their own. */
export const PROTOCOL = 2;

/** What all of them hear. */
export type TabCall =
  /** There is a leader; where it is a new one, ask it. */
  | { readonly type: 'leads'; readonly isNew: boolean }
  /** A follower wants what comes behind a place, or from now on. */
  | { readonly type: 'join'; readonly follower: string; readonly since: string | undefined }
  /** It has taken so many arrivals. */
  | { readonly type: 'took'; readonly follower: string; readonly count: number }
  /** It has heard nothing for a while: is the leader there? */
  | { readonly type: 'ask'; readonly follower: string }
  /** It watches the presence of these people. */
  | { readonly type: 'watch'; readonly follower: string; readonly userIds: readonly string[] }
  | { readonly type: 'leave'; readonly follower: string };

/** What the leader tells one follower. */
export type TabNews =
  | { readonly type: 'here' }
  /** Something came from the service, if only a ping. */
  | { readonly type: 'alive' }
  /** The `count`th one: a follower that has missed one asks anew. */
  | { readonly type: 'arrival'; readonly count: number; readonly arrival: Arrival }
  | {
      readonly type: 'status';
      readonly status: ConnectionStatus;
      readonly details: PlainDetails;
      readonly isVisible: boolean;
    }
  /** The follower is not known any more: it asks anew. */
  | { readonly type: 'gone' };

/** Details as a channel carries them: errors lose their class there. */
interface PlainDetails {
  readonly transport: ConnectionDetails['transport'];
  readonly error:
    | (Pick<ConnectionError, 'message' | 'status' | 'refusal'> & { readonly reason: ConnectionProblem })
    | undefined;
}

export function plainDetails({ transport, error }: ConnectionDetails): PlainDetails {
  if (error === undefined) return { transport, error };
  const { reason, message, status, refusal } = error;
  return { transport, error: { reason, message, status, refusal } };
}

export function detailsOf({ transport, error }: PlainDetails): ConnectionDetails {
  if (error === undefined) return { transport, error };
  const { reason, message, status, refusal } = error;
  const more = { ...(status !== undefined && { status }), ...(refusal !== undefined && { refusal }) };
  return { transport, error: new ConnectionError(reason, message, more) };
}
