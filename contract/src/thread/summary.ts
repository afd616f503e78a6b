import { z } from 'zod';
import { OutputId, OutputSeq } from '../ids.ts';

/**
 * What a message with replies shows of its thread. `version` is the chat's seq of the last reply or deletion of a reply:
 * a summary replaces any with a lower version, whatever the version of the message. `replyCount` is without deleted
 * replies; the other keys count deleted ones too. `participantIds` are the 5 people who replied last, the latest first.
 */
export const ThreadSummary = z.object({
  version: OutputSeq,
  replyCount: OutputSeq,
  lastNumber: OutputSeq,
  lastReplyAt: z.date(),
  participantIds: z.array(OutputId),
});
export type ThreadSummary = z.infer<typeof ThreadSummary>;
