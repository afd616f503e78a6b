import type { ThreadSummary } from '@fechatter/contract';

/** The summary of a thread as SQL returns it. */
export interface FoundThread {
  readonly version: number;
  readonly replyCount: number;
  readonly lastNumber: number;
  readonly lastReplyAt: string;
  readonly participantIds: string[];
}

/** SQL: the summary of a thread by its root, if there can be one; plain messages are not looked up. */
export const threadSummary = (isThere: string, rootId: string): string => `
  case when ${isThere} then (
    select json_build_object('version', t.version, 'replyCount', t.reply_count, 'lastNumber', t.last_number,
      'lastReplyAt', t.last_reply_at, 'participantIds', t.participant_ids)
    from threads t where t.root_id = ${rootId} limit 1) end`;

/** The summary for a message `m` that is a root. */
export const threadOfRoot = threadSummary(`m.parts ? 'thread'`, 'm.id');

export const threadSummaryOf = (found: FoundThread): ThreadSummary => ({
  version: found.version,
  replyCount: found.replyCount,
  lastNumber: found.lastNumber,
  lastReplyAt: new Date(found.lastReplyAt),
  participantIds: found.participantIds,
});

/** SQL: whether a message `m` is listed. A deleted one is listed as long as its thread has replies. */
export const isListed = `(m.deleted_at is null or (m.parts ? 'thread' and (
  select t.reply_count > 0 from threads t where t.root_id = m.id limit 1)))`;
