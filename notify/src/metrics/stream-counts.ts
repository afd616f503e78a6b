import type { ResetReason } from '@fechatter/contract';

/** Counters of streams, as plain numbers, so that counting costs nothing. */
export interface StreamCounts {
  /** Streams that went live after their last id, and those that began from now. */
  resumed: number;
  started: number;
  /** Streams that got a reset, by reason. */
  readonly resets: Record<ResetReason, number>;
  /** Streams that were cut because their reader was too slow: while live, and while attaching. */
  slowReaderCuts: number;
  overfullCuts: number;
}

export function streamCounts(): StreamCounts {
  return {
    resumed: 0,
    started: 0,
    resets: { cursor_unknown: 0, cursor_expired: 0, too_far_behind: 0 },
    slowReaderCuts: 0,
    overfullCuts: 0,
  };
}
