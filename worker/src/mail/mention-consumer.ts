import { codeOf } from '@fechatter/contract';
import { type Consumer, sql } from '@fechatter/drizzle';

const MESSAGE_CREATED = codeOf('message.created');
const BATCH_MAX = 200;

/**
 * Notes people who were mentioned by name and have a confirmed address: a day later queueMentionDigests() sees whether they have
 * read it. One row a person, so they get a mail a day at most. An edit notes nobody, as with pushes; after a gap in the log it
 * continues at the end.
 */
export const mentionConsumer: Consumer = {
  name: 'mention-digests',
  batchMax: BATCH_MAX,
  async consume(tx, entries) {
    const ids = entries.flatMap(({ code, subjectId }) =>
      code === MESSAGE_CREATED && subjectId !== null ? [subjectId] : [],
    );
    if (ids.length === 0) return;
    await tx.execute(sql`
      insert into mention_digests (user_id, since_at, due_at)
      select n.user_id, min(m.created_at), clock_timestamp() + interval '1 day'
      from mentions n
      join messages m on m.id = n.message_id and m.deleted_at is null and m.created_at > clock_timestamp() - interval '1 day'
      join users u on u.id = n.user_id and u.kind = 'Person' and u.status = 'Active' and u.holds_email
        and u.email_verified_at is not null
      where n.message_id = any (${sql.param(ids)}::uuid[])
      group by 1 order by 1
      -- Changes nothing, but waits for a worker that holds the row and may delete it, without having seen this mention.
      on conflict (user_id) do update set due_at = excluded.due_at where false`);
  },
  onReset: () => Promise.resolve(),
};
