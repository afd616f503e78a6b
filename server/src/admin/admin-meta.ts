import type { Reason } from '@fechatter/contract';
import type { Meta } from '../procedures.ts';

/** The documentation of a procedure for servers of other apps. */
export const adminMeta = (
  verb: string,
  summary: string,
  description: string,
  refusals: readonly Reason[] = [],
): Meta => ({
  openapi: {
    method: 'POST',
    path: `/admin/${verb}`,
    successStatus: 200,
    summary,
    description: `${description} Needs a service key as bearer; without one there is nothing here (\`route_not_found\`).`,
    tags: ['admin'],
    refusals: ['route_not_found', 'token_invalid', 'scope_missing', 'rate_limited', ...refusals],
  },
});
