import type { ResetReason } from '@fechatter/contract';

/** What happens to streams, as plain numbers: counting costs nothing where it happens. */
export interface StreamCounts {
  /** Streams that went live where they had left off, and those that began from now. */
  resumed: number;
  started: number;
  /** Streams that were told to read their state again. */
  readonly resets: Record<ResetReason, number>;
  /** Streams that were cut because their reader took too little: live, and before they were. */
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
