import type { CustomStatus, Presence, PresenceSignal } from '@fechatter/contract';
import type { Queryable } from '@fechatter/drizzle';

interface PresenceRow {
  readonly userId: string;
  readonly presence: Presence['presence'];
  readonly emoji: string | null;
  readonly text: string | null;
  readonly expiresAt: Date | null;
}

/** The presence of people, independent of the caller. */
export async function loadPresence(db: Queryable, userIds: readonly string[]): Promise<PresenceSignal[]> {
  const { rows } = await db.query<PresenceRow>({
    name: 'notify-presence',
    text: `select user_id as "userId", presence, emoji, status_text as text, status_expires_at as "expiresAt"
      from presence_now($1::uuid[])`,
    values: [userIds],
  });
  return rows.map(({ userId, presence, ...status }) => ({
    kind: 'presence',
    userId,
    presence,
    customStatus: customStatusOf(status),
  }));
}

const customStatusOf = ({ emoji, text, expiresAt }: CustomStatus): CustomStatus | null =>
  emoji === null && text === null ? null : { emoji, text, expiresAt };

export interface SeenPair {
  readonly viewerId: string;
  readonly userId: string;
}

/** The pairs of a viewer and a person in which the viewer can see the person now. */
export async function loadSeen(db: Queryable, pairs: readonly SeenPair[]): Promise<SeenPair[]> {
  const { rows } = await db.query<SeenPair>({
    name: 'notify-seen',
    text: `select viewer_id as "viewerId", user_id as "userId" from people_seen($1::uuid[], $2::uuid[])`,
    values: [pairs.map(({ viewerId }) => viewerId), pairs.map(({ userId }) => userId)],
  });
  return rows;
}

/** The versions of the rows of an instance's watching streams; or of certain ones. */
export async function loadWatchVersions(
  db: Queryable,
  instanceId: string,
  streamIds?: readonly string[],
): Promise<readonly { readonly streamId: string; readonly version: string }[]> {
  // Each write of a row gives it another xmin.
  const { rows } = await db.query<{ streamId: string; version: string }>({
    name: 'notify-watch-versions',
    text: `select id as "streamId", xmin::text as version from presence_streams
      where instance_id = $1 and ($2::uuid[] is null or id = any ($2))`,
    values: [instanceId, streamIds ?? null],
  });
  return rows;
}

export interface StoredWatch {
  readonly streamId: string;
  readonly version: string;
  readonly userIds: readonly string[];
}

/** The people whom streams watch. */
export async function loadWatches(db: Queryable, streamIds: readonly string[]): Promise<readonly StoredWatch[]> {
  const { rows } = await db.query<StoredWatch>({
    name: 'notify-watches',
    text: `select id as "streamId", xmin::text as version, user_ids as "userIds" from presence_streams where id = any ($1::uuid[])`,
    values: [streamIds],
  });
  return rows;
}
