import type { PushKind } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import type { ClaimedPushes } from './claim-pushes.ts';
import type { DuePush, PushedMessage, WantedPush } from './due-push.ts';

interface Row {
  readonly id: number;
  readonly lease: string;
  readonly subscription_id: string;
  readonly host: string;
  readonly attempts: number;
  readonly is_test: boolean;
  readonly checked_to: number;
  readonly user_id: string | null;
  readonly kind: PushKind;
  readonly address_hash: Buffer;
  readonly sealed: Buffer;
  readonly is_failing: boolean;
  readonly badge: number;
  readonly chat_id: string;
  readonly chat_type: PushedMessage['chatType'];
  readonly chat_name: string;
  readonly message_id: string | null;
  readonly read_message_id: string | null;
  readonly is_mention: boolean;
  readonly thread_id: string | null;
  readonly body: Buffer | null;
  readonly sender_name: string | null;
  readonly names: Record<string, string> | null;
}

/**
 * Decides about claimed pushes, in one statement: whether the session is live, and the person in the chat, unmuted and
 * outside their quiet hours; whether the message is there, unread and of nobody whom they block (push_wanted()); or whether what
 * a device shows was read (push_is_unread()). Leaves out what another worker has taken over since the claim.
 */
export async function decidePushes({ pool }: Database, { lease, ids }: ClaimedPushes): Promise<readonly DuePush[]> {
  const { rows } = await pool.query<Row>({ name: 'push-decide', text: decision, values: [ids, lease] });
  return rows.map((row) => ({
    id: row.id,
    lease: row.lease,
    subscriptionId: row.subscription_id,
    host: row.host,
    attempts: row.attempts,
    checkedTo: row.checked_to,
    wanted: wantedOf(row),
  }));
}

function wantedOf(row: Row): WantedPush | undefined {
  const subject = subjectOf(row);
  if (row.user_id === null || subject === undefined) return undefined;
  return {
    kind: row.kind,
    address: { userId: row.user_id, hash: row.address_hash, sealed: row.sealed },
    isFailing: row.is_failing,
    badge: row.badge,
    subject,
  };
}

function subjectOf(row: Row): WantedPush['subject'] | undefined {
  const { chat_id: chatId, message_id: messageId, read_message_id: readId } = row;
  if (row.is_test) return { is: 'test' };
  if (messageId !== null) return messageOf(row, messageId);
  return readId === null ? undefined : { is: 'read', chatId, id: readId };
}

const messageOf = (row: Row, id: string): PushedMessage => ({
  is: 'message',
  chatId: row.chat_id,
  chatType: row.chat_type,
  chatName: row.chat_name,
  id,
  threadId: row.thread_id,
  isMention: row.is_mention,
  preview:
    row.body === null ? undefined : { body: row.body, senderName: row.sender_name ?? '', names: row.names ?? {} },
});

const BADGE_MAX = 1_000;
const decision = `
  select p.id, p.lease, p.subscription_id, p.host, p.attempts, p.chat_id is null as is_test, coalesce(k.seq, 0) as checked_to,
    s.user_id, s.kind, s.address_hash, s.sealed, s.failure is not null as is_failing, b.badge,
    p.chat_id, c.chat_type, c.name as chat_name, w.message_id, w.is_mention, m.thread_id,
    case when not push_is_unread(s.user_id, h.message_id) then h.message_id end as read_message_id,
    case when q.push_previews then m.body end as body,
    case when q.push_previews then u.full_name end as sender_name,
    case when q.push_previews then (
      select json_object_agg(n.id, n.full_name) from users n
      where n.id in (select x::uuid from jsonb_array_elements_text(m.parts -> 'mentions' -> 'userIds') x)) end as names
  from push_pending p
  left join lateral (
    select s.* from push_subscriptions s join live_sessions l on l.id = s.session_id where s.id = p.subscription_id limit 1
  ) s on true
  left join push_progress k on k.chat_id = p.chat_id
  left join lateral (
    select count(*)::int as badge from (
      select from live_chat_members l join chat_heads h on h.chat_id = l.chat_id
      join chats c on c.id = l.chat_id and c.deleted_at is null
      where l.user_id = s.user_id and h.last_number > l.last_read_number and l.notify_level is distinct from 'Nothing'
        and (l.muted_until is null or l.muted_until <= clock_timestamp()) limit ${BADGE_MAX}) x) b on true
  left join lateral push_wanted(s.user_id, p.chat_id, p.first_seq, k.seq) w
    on s.id is not null and not p.is_clearing
  left join push_shown h on p.is_clearing and h.subscription_id = p.subscription_id and h.chat_id = p.chat_id
  left join messages m on m.id = w.message_id
  left join users u on u.id = m.sender_id
  left join chats c on c.id = p.chat_id
  left join user_preferences q on q.user_id = s.user_id
  where p.id = any ($1) and p.lease = $2`;
