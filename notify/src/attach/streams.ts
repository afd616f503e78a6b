import type { Queryable } from '@fechatter/drizzle';
import type { FrameCache } from '../hub/frame-cache.ts';
import type { Rendering } from '../hub/event-of-entry.ts';
import type { Hub } from '../hub/hub.ts';
import type { Ring } from '../hub/ring.ts';
import type { WriteTurn } from '../outlet/write-turn.ts';
import type { ReplaySlots } from './replay-slots.ts';

/** All that it takes to attach a stream. */
export interface Streams {
  readonly hub: Hub;
  readonly ring: Ring;
  readonly cache: FrameCache;
  readonly rendering: Rendering;
  readonly slots: ReplaySlots;
  readonly turn: WriteTurn;
  readonly db: Queryable;
}
