import type { Reason } from '../wire.ts';

/**
 * Why a connection fails. `unreachable`: nothing listens there, or the network is down. `no_answer`: there was no
 * response in time. `not_found`: something responds, but there is no event stream: check `notifyUrl`. `not_a_stream`:
 * the response was not an event stream, but for example a web page. `no_streaming`: this platform's `fetch` cannot
 * stream bodies. `buffered`: something on the way, such as a proxy, holds the stream back. `silent`: the stream was
 * open, but nothing arrived any more. `refused`: see `refusal` or `status`.
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

/** Why there are no live events, or why they do not come as a stream. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly reason: ConnectionProblem;
  /** The HTTP status, if there was a response. */
  readonly status: number | undefined;
  /** The reason with which the service refused the connection. */
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

/** The error for an HTTP status that is not a success. */
export const ofStatus = (status: number): ConnectionError =>
  status === 404
    ? new ConnectionError('not_found', 'there is no event stream: is notifyUrl right?', { status })
    : new ConnectionError('refused', `the event stream returned ${status}`, { status });
