import type { ShellContext } from './shell-env.ts';

/** Returns on request whether the caller has disconnected before the response. */
export interface CallerGone {
  readonly aborted: boolean;
}

/** `Request.signal` has the same, but creating it costs a whole Request. */
export function callerGone({ env, req }: ShellContext): CallerGone {
  const outgoing = env?.outgoing;
  if (outgoing === undefined) return req.raw.signal;
  return {
    get aborted() {
      return outgoing.destroyed;
    },
  };
}
