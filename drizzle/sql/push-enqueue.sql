-- Writes for which devices new messages may be worth a push, in the transaction that moves the consumer. push_wanted() decides
-- when it is sent; here only members with a subscription are found whose level admits it, of the kinds that workers send. A chat whose push is due
-- already needs no second row. If a worker is sending it at this moment, the row remembers that there is more.
--
-- It is due in 5 seconds; in 30 where the person has a stream, which usually means that they read it there.
create or replace function push_enqueue(p_ids uuid[]) returns void language plpgsql volatile as $$
begin
  if not exists (select from push_subscriptions) then return; end if;

  -- Who writes to a chat has read it.
  perform push_enqueue_clearing(array_agg(m.sender_id), array_agg(m.chat_id)) from messages m where m.id = any (p_ids);

  insert into push_progress as k (chat_id, seq)
  select m.chat_id, max(m.seq) from messages m where m.id = any (p_ids) group by 1 order by 1
  on conflict (chat_id) do update set seq = greatest(k.seq, excluded.seq);

  with sent as materialized (
    select m.id, m.chat_id, h.chat_type, m.seq, m.number, m.thread_id, m.sender_id, m.parts ? 'mentions' as has_mentions
    from messages m join chat_heads h on h.chat_id = m.chat_id
    -- What waited longer than pushes are kept is no news.
    where m.id = any (p_ids) and m.deleted_at is null and m.created_at > clock_timestamp() - interval '24 hours'),
  timelines as materialized (
    select s.chat_id, s.chat_type, min(s.seq) as seq, max(s.number) as number,
      case when min(s.sender_id::text) = max(s.sender_id::text) then min(s.sender_id::text)::uuid end as only_sender
    from sent s where s.thread_id is null group by 1, 2),
  found as (
    select l.user_id, t.chat_id, t.seq from timelines t join live_chat_members l on l.chat_id = t.chat_id
    where t.chat_type in ('Single', 'Group') and (l.notify_level is null or l.notify_level = 'All')
      and l.last_read_number < t.number and l.user_id is distinct from t.only_sender
    union all
    -- By an index of those who chose All: a channel may have any number of members.
    select l.user_id, t.chat_id, t.seq from timelines t join live_chat_members l on l.chat_id = t.chat_id
    where t.chat_type not in ('Single', 'Group') and l.notify_level = 'All'
      and l.last_read_number < t.number and l.user_id is distinct from t.only_sender
    union all
    select n.user_id, s.chat_id, s.seq from sent s join mentions n on n.message_id = s.id
    where s.has_mentions and s.thread_id is null and n.user_id is not null
    union all
    select l.user_id, s.chat_id, s.seq from sent s join mentions n on n.message_id = s.id and n.user_id is null
    join live_chat_members l on l.chat_id = s.chat_id
    where s.has_mentions and s.thread_id is null and l.user_id <> s.sender_id
    union all
    select f.user_id, s.chat_id, s.seq from sent s join thread_follows f on f.root_id = s.thread_id and f.is_following
    where s.thread_id is not null and f.user_id <> s.sender_id),
  people as (select f.user_id, f.chat_id, min(f.seq) as seq from found f group by 1, 2)
  insert into push_pending as p (subscription_id, chat_id, host, first_seq, due_at)
  select s.id, o.chat_id, s.host, o.seq, clock_timestamp() + case when exists (
      select from presence_people x join presence_instances i on i.id = x.instance_id
      where x.user_id = o.user_id and i.leased_until > clock_timestamp()) then interval '30 seconds' else interval '5 seconds' end
  from people o
  join push_subscriptions s on s.user_id = o.user_id
  join push_kinds y on y.kind = s.kind
  join live_chat_members l on l.chat_id = o.chat_id and l.user_id = o.user_id
  where l.notify_level is distinct from 'Nothing' and (l.muted_until is null or l.muted_until <= clock_timestamp())
  order by 1, 2
  on conflict (subscription_id, chat_id, is_clearing) do update set newer_seq = greatest(p.newer_seq, excluded.first_seq)
  where p.lease is not null;
end $$;
