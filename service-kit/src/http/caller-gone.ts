import type { ShellContext } from './shell-env.ts';

/** Tells, when asked, whether the caller has gone before the answer. */
export interface CallerGone {
  readonly aborted: boolean;
}

/** `Request.signal` tells the same, and has a whole Request made for it. */
export function callerGone({ env, req }: ShellContext): CallerGone {
  const outgoing = env?.outgoing;
  if (outgoing === undefined) return req.raw.signal;
  return {
    get aborted() {
      return outgoing.destroyed;
    },
  };
}
