import type { Database } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';

/** How long a worker holds what it claimed: longer than a request may take. */
const LEASE_SECONDS = 60;

/** How many pushes may be claimed now. */
export interface ClaimLimits {
  readonly max: number;
  /** For all push services together that have not proven to be quick. */
  readonly unproven: number;
  /** For each push service that is not in `hosts`; it has not proven to be quick. */
  readonly perHost: number;
  readonly hosts: ReadonlyMap<string, { readonly free: number; readonly isProven: boolean }>;
}

/** What one claim holds. */
export interface ClaimedPushes {
  readonly lease: string;
  readonly ids: readonly number[];
}

/** Claims pushes that are due. */
export async function claimPushes({ pool }: Database, limits: ClaimLimits): Promise<ClaimedPushes> {
  const lease = randomUUID();
  const known = [...limits.hosts.values()];
  const { rows } = await pool.query<{ id: number }>({
    name: 'push-claim',
    text: 'select id from push_claim($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [
      lease,
      LEASE_SECONDS,
      limits.max,
      limits.unproven,
      limits.perHost,
      [...limits.hosts.keys()],
      known.map(({ free }) => free),
      known.map(({ isProven }) => isProven),
    ],
  });
  return { lease, ids: rows.map(({ id }) => id) };
}
