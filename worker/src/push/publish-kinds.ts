import type { PushKind } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { setTimeout as wait } from 'node:timers/promises';

/** A kind of pushes that this worker sends; with the public key that browsers need. */
export interface SentPushKind {
  readonly kind: PushKind;
  readonly publicKey: string | null;
}

/** Much shorter than the time after which forget-pushes deletes what nobody renews. */
const RENEW_MS = 300_000;

export interface PublishKindsOptions {
  readonly db: Database;
  readonly kinds: readonly SentPushKind[];
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/**
 * Publishes what this worker sends, and renews that until `signal` aborts. A worker that sends less than others takes nothing
 * away from them. Of workers with different keys the one that started last wins.
 */
export async function publishPushKinds({ db, kinds, signal, onError }: PublishKindsOptions): Promise<void> {
  let isPublished = false;
  while (!signal.aborted) {
    try {
      await (isPublished ? renewPushKinds(db, kinds) : replacePushKinds(db, kinds));
      isPublished = true;
    } catch (error) {
      onError(error);
    }
    await wait(isPublished ? RENEW_MS : 1_000, undefined, { signal, ref: false }).catch(() => {});
  }
}

/** Publishes these kinds, with this worker’s key. */
export async function replacePushKinds({ pool }: Database, kinds: readonly SentPushKind[]): Promise<void> {
  await pool.query(
    `insert into push_kinds (kind, public_key) select * from unnest($1::text[], $2::text[]) order by 1
     on conflict (kind) do update set public_key = excluded.public_key, published_at = clock_timestamp()`,
    valuesOf(kinds),
  );
}

/** Renews those that still have this worker’s key, and publishes those that have expired. */
export async function renewPushKinds({ pool }: Database, kinds: readonly SentPushKind[]): Promise<void> {
  await pool.query(
    `insert into push_kinds as k (kind, public_key) select * from unnest($1::text[], $2::text[]) order by 1
     on conflict (kind) do update set published_at = clock_timestamp() where k.public_key is not distinct from excluded.public_key`,
    valuesOf(kinds),
  );
}

const valuesOf = (kinds: readonly SentPushKind[]) => [
  kinds.map(({ kind }) => kind),
  kinds.map(({ publicKey }) => publicKey),
];
