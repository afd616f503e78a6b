import { codeOf } from '@fechatter/contract';
import { type Consumer, sql } from '@fechatter/drizzle';

/** The key of its row in `consumers`. */
const PUSH_CONSUMER = 'push';
const BATCH_MAX = 200;
const MESSAGE_CREATED = codeOf('message.created');
const READ = new Set([codeOf('chat.read'), codeOf('thread.read')]);

/**
 * Writes down which devices may have to be notified of new messages (push_enqueue()), or to remove a notification because
 * somebody has read (push_enqueue_clearing()). An edit notifies nobody: whom it
 * mentions was notified of the message, or sees it when they read. After a gap in the log it continues at the end: pushes of
 * what happened meanwhile would come late, and the gap is on record.
 */
export const pushConsumer: Consumer = {
  name: PUSH_CONSUMER,
  // Each message of a large group writes a row per member with a device.
  batchMax: BATCH_MAX,
  async consume(tx, entries) {
    const ids = entries.flatMap(({ code, subjectId }) =>
      code === MESSAGE_CREATED && subjectId !== null ? [subjectId] : [],
    );
    if (ids.length > 0) await tx.execute(sql`select push_enqueue(${sql.param(ids)}::uuid[])`);
    const read = entries.filter(({ code, userId, chatId }) => READ.has(code) && userId !== null && chatId !== null);
    if (read.length > 0)
      await tx.execute(sql`select push_enqueue_clearing(
        ${sql.param(read.map(({ userId }) => userId))}::uuid[], ${sql.param(read.map(({ chatId }) => chatId))}::uuid[])`);
  },
  onReset: () => Promise.resolve(),
};
