import type { Reason } from '../wire.ts';

/**
 * Why a connection fails. `unreachable`: nothing is there, or the network is away. `no_answer`: nothing came in time.
 * `not_found`: there is something, but no event stream: look at `notifyUrl`. `not_a_stream`: a page or the like came
 * instead of one. `no_streaming`: this platform's `fetch` cannot stream bodies. `buffered`: something on the way holds the
 * stream back. `silent`: the stream stood, and nothing came any more. `refused`: `refusal` or `status` say what.
 */
export type ConnectionProblem =
  | 'unreachable'
  | 'no_answer'
  | 'not_found'
  | 'not_a_stream'
  | 'no_streaming'
  | 'buffered'
  | 'silent'
  | 'refused';

/** Why live events do not come, or do not come as a stream. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly reason: ConnectionProblem;
  /** The HTTP status, where one came. */
  readonly status: number | undefined;
  /** What the service refuses a connection with. */
  readonly refusal: Reason | undefined;

  constructor(
    reason: ConnectionProblem,
    message: string,
    more: { readonly status?: number; readonly refusal?: Reason; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.reason = reason;
    this.status = more.status;
    this.refusal = more.refusal;
  }
}

/** What a status says that is no success. */
export const ofStatus = (status: number): ConnectionError =>
  status === 404
    ? new ConnectionError('not_found', 'there is no event stream: is notifyUrl right?', { status })
    : new ConnectionError('refused', `the event stream answered ${status}`, { status });
