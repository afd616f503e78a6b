import type { Queryable } from '@fechatter/drizzle';
import type { InstancePresence } from '../presence/instance-presence.ts';
import type { FrameCache } from '../hub/frame-cache.ts';
import type { Rendering } from '../hub/event-of-entry.ts';
import type { Hub } from '../hub/hub.ts';
import type { Ring } from '../hub/ring.ts';
import type { StreamCounts } from '../metrics/stream-counts.ts';
import type { WriteTurn } from '../transport/write-turn.ts';
import type { BatchedReads } from './batched-reads.ts';
import type { ReplaySlots } from './replay-slots.ts';
import type { StoredSession } from './stored-access.ts';

/** Everything that attaching a stream needs. */
export interface Streams {
  readonly hub: Hub;
  readonly ring: Ring;
  readonly cache: FrameCache;
  readonly rendering: Rendering;
  readonly slots: ReplaySlots;
  /** Current sessions in the database, by id. */
  readonly sessions: BatchedReads<StoredSession>;
  readonly turn: WriteTurn;
  readonly db: Queryable;
  readonly counts: StreamCounts;
  readonly presence: InstancePresence;
  /** When the last read of the log began, on the monotonic clock: every revocation before that is known here. */
  readonly knownAsOfMs: () => number;
  /** Asks for a read of the log now. */
  readonly readNow: () => void;
  /** The log's retention. */
  readonly retentionHours: number;
}
