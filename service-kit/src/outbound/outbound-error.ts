/** Why a request to another system has no response. */
export type OutboundFailure =
  /** Not http or https, or with a user or password. */
  | 'invalid_url'
  /** Not a public address, or a port or plain http outside the operator's networks. */
  | 'forbidden_address'
  | 'unreachable'
  | 'timeout'
  | 'redirected';

/** Its message contains neither the URL nor the response. */
export class OutboundError extends Error {
  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, options?: ErrorOptions) {
    super(`no response: ${failure}`, options);
    this.failure = failure;
  }
}
