import { codeOf } from '@fechatter/contract';
import { type Consumer, findRoom, type LogReference, sql, type Tx } from '@fechatter/drizzle';

const WEBHOOKS_CONSUMER = 'webhooks';
/** An event of a workspace with 100 webhooks becomes 100 rows. */
const BATCH_MAX = 200;
/** Of these a bot's own message is the subject. */
const ofMessages = (['message.created', 'message.updated'] as const).map(codeOf);

/**
 * Adds each event to the queues of the webhooks whose bots may see it, exactly once. Whether a bot may see it is decided
 * again when it is sent, with the content as it is then. After a gap in the log, webhooks go on at its end, and say so.
 */
export const webhookConsumer: Consumer = {
  name: WEBHOOKS_CONSUMER,
  batchMax: BATCH_MAX,
  async consume(tx, entries) {
    const webhookIds = await listening(tx, entries);
    if (webhookIds.length === 0) return;
    // Until the end of this transaction, so that a worker that finds its queue empty waits for these events.
    await tx.execute(sql`
      select 1 from webhook_lanes where webhook_id = any (${sql.param(webhookIds)}::uuid[]) and not is_retry
      order by webhook_id for update`);
    await findRoom(tx, webhookIds, entries.length);
    await add(tx, webhookIds, entries);
    await tx.execute(sql`
      update webhook_lanes set due_at = clock_timestamp()
      where webhook_id = any (${sql.param(webhookIds)}::uuid[]) and not is_retry and lease is null and due_at is null`);
  },
  async onReset(tx, { from }) {
    if (from !== undefined)
      await tx.execute(sql`
        update webhooks set dropped_at = clock_timestamp() where off_at is null and deleted_at is null`);
  },
};

/** Events that only the bot sees have no workspace of their own: a bot is in one. */
const workspaceOf = sql.raw(
  `coalesce(e.workspace_id, (select b.workspace_id from bots b where b.user_id = e.user_id))`,
);

/** The webhooks that send one of these kinds in one of these workspaces. */
async function listening(tx: Tx, entries: readonly LogReference[]): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select distinct w.id from (select distinct ${workspaceOf} as workspace_id, e.code from ${rowsOf(entries)}) e
    join webhooks w on w.workspace_id = e.workspace_id and e.code = any (w.codes)
    join bots b on b.user_id = w.bot_id and b.deleted_at is null
    join users u on u.id = b.user_id and u.status = 'Active'
    where w.off_at is null and w.deleted_at is null`);
  return rows.map(({ id }) => id);
}

/** As canSee() in the contract has it; a bot is never a Guest. Never what the bot did to messages itself. */
async function add(tx: Tx, webhookIds: readonly string[], entries: readonly LogReference[]): Promise<void> {
  await tx.execute(sql`
    with listening as materialized (
      select w.id, w.bot_id, w.workspace_id, w.codes, l.room
      from webhooks w join webhook_lanes l on l.webhook_id = w.id and not l.is_retry
      where w.id = any (${sql.param(webhookIds)}::uuid[]) and w.off_at is null and w.deleted_at is null),
    wanted as materialized (
      select w.id, e.code, e.pos, e.nonce, e.happened_at,
        row_number() over (partition by w.id order by e.pos) > w.room as is_dropped
      from ${rowsOf(entries)} join listening w on w.workspace_id = ${workspaceOf} and e.code = any (w.codes)
      where case
          when e.workspace_seq is not null then true
          when e.user_id is not null then e.user_id = w.bot_id
          else exists (
            select from chat_members m
            where m.chat_id = e.chat_id and m.user_id = w.bot_id and m.joined_seq <= e.chat_seq
              and (m.left_seq is null or m.left_seq = e.chat_seq)) end
        and e.actor_id is distinct from w.bot_id
        and not (e.code = any (${sql.param(ofMessages)}::smallint[]) and exists (
          select from messages m where m.id = e.subject_id and m.sender_id = w.bot_id))),
    added as (
      insert into webhook_deliveries (webhook_id, code, pos, nonce, happened_at)
      select id, code, pos, nonce, happened_at from wanted where not is_dropped order by pos),
    taken as (
      update webhook_lanes l set room = l.room - n.added
      from (select id, count(*) as added from wanted where not is_dropped group by 1) n
      where l.webhook_id = n.id and not l.is_retry)
    update webhooks w set dropped_count = w.dropped_count + n.dropped, dropped_at = clock_timestamp()
    from (select id, count(*) as dropped from wanted where is_dropped group by 1) n where w.id = n.id`);
}

/** The entries as rows `e`. */
function rowsOf(entries: readonly LogReference[]) {
  const rows = entries.map((entry) => ({
    pos: entry.pos,
    nonce: entry.nonce,
    code: entry.code,
    workspace_id: entry.workspaceId,
    workspace_seq: entry.workspaceSeq,
    chat_id: entry.chatId,
    chat_seq: entry.chatSeq,
    user_id: entry.userId,
    subject_id: entry.subjectId,
    actor_id: entry.facts.userId ?? null,
    happened_at: entry.createdAt,
  }));
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e (pos bigint, nonce int, code smallint,
    workspace_id uuid, workspace_seq bigint, chat_id uuid, chat_seq bigint, user_id uuid, subject_id uuid, actor_id uuid,
    happened_at timestamptz)`;
}
