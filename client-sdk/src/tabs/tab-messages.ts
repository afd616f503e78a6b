import type { ConnectionDetails, ConnectionStatus } from '../events/connection.ts';
import { ConnectionError, type ConnectionProblem } from '../events/connection-error.ts';
import type { Arrival } from '../events/event.ts';

// The messages between the tabs of one session. They never contain a token of the session.

/** Raised when the meaning of a message changes: tabs with another release of the SDK have their own stream. */
export const PROTOCOL = 2;

/** Messages to all tabs. */
export type TabCall =
  /** There is a leader; if it is a new one, followers join it. */
  | { readonly type: 'leads'; readonly isNew: boolean }
  /** A follower wants the events after a position, or from now on. */
  | { readonly type: 'join'; readonly follower: string; readonly since: string | undefined }
  /** A follower acknowledges this many arrivals. */
  | { readonly type: 'took'; readonly follower: string; readonly count: number }
  /** A follower has received nothing for a while and checks whether the leader is alive. */
  | { readonly type: 'ask'; readonly follower: string }
  /** A follower watches the presence of these people. */
  | { readonly type: 'watch'; readonly follower: string; readonly userIds: readonly string[] }
  | { readonly type: 'leave'; readonly follower: string };

/** Messages of the leader to one follower. */
export type TabMessage =
  | { readonly type: 'here' }
  /** Something arrived from the service, if only a ping. */
  | { readonly type: 'alive' }
  /** The `count`th arrival: a follower that has missed one joins again. */
  | { readonly type: 'arrival'; readonly count: number; readonly arrival: Arrival }
  | {
      readonly type: 'status';
      readonly status: ConnectionStatus;
      readonly details: PlainDetails;
      readonly isVisible: boolean;
    }
  /** The follower is not known any more: it joins again. */
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
