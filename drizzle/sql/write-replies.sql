-- The effects of replies that send_held() has written in this transaction, which holds the heads of their chats (p_ids: the
-- messages of the batch; those that are no replies are skipped): the summaries of their threads, the flag on a root with its
-- first reply, and who follows. The sender of a reply follows the thread. With the first reply the author of the root follows
-- it, with nothing read, unless they chose before whether to follow. Each new follow is announced to its person (thread.read),
-- and so is the first reply that is not deleted to everyone who follows already: only then does the thread appear in their
-- list.
create or replace function write_replies(p_ids uuid[]) returns void language plpgsql volatile as $$
declare v_begun record;
begin
  with replies as materialized (
    select m.* from unnest(p_ids) i (id) cross join lateral (
      select m.* from messages m where m.id = i.id and m.thread_id is not null limit 1) m),
  counted as (
    insert into threads as t (root_id, version, reply_count, last_number, last_reply_at, participant_ids)
    select r.thread_id, max(r.seq), count(*), max(r.number), (array_agg(r.created_at order by r.seq desc))[1],
      latest_repliers(array_agg(r.sender_id order by r.seq desc))
    from replies r group by 1 order by 1
    on conflict (root_id) do update set version = excluded.version, reply_count = t.reply_count + excluded.reply_count,
      last_number = excluded.last_number, last_reply_at = excluded.last_reply_at,
      participant_ids = latest_repliers(excluded.participant_ids || t.participant_ids))
  update messages m set parts = coalesce(m.parts, '{}') || '{"thread": true}'
  from replies r where r.number = 1 and m.id = r.thread_id;

  for v_begun in
    with replies as materialized (
      select m.* from unnest(p_ids) i (id) cross join lateral (
        select m.* from messages m where m.id = i.id and m.thread_id is not null limit 1) m),
    repliers as materialized (
      select r.sender_id as user_id, r.chat_id, r.thread_id, max(r.number) as number, max(r.seq) as seq
      from replies r group by 1, 2, 3),
    authors as materialized (
      select o.sender_id as user_id, o.chat_id, r.thread_id, 0::bigint as number, r.seq
      from replies r cross join lateral (select m.* from messages m where m.id = r.thread_id limit 1) o
      where r.number = 1
        and exists (select from live_chat_members p where p.chat_id = o.chat_id and p.user_id = o.sender_id)
        and not exists (select from repliers s where s.user_id = o.sender_id and s.thread_id = r.thread_id)
        and not exists (
          select from thread_follows f where f.user_id = o.sender_id and f.chat_id = o.chat_id and f.root_id = r.thread_id)),
    wanted as (
      select * from repliers union all select * from authors),
    written as (
      insert into thread_follows as f (user_id, chat_id, root_id, workspace_id, is_following, last_read_number, mark_version, mark_seq)
      select w.user_id, w.chat_id, w.thread_id, h.workspace_id, true, w.number, w.seq, w.seq
      from wanted w cross join lateral (select h.workspace_id from chat_heads h where h.chat_id = w.chat_id limit 1) h
      order by 1, 2, 3
      on conflict (user_id, chat_id, root_id) do update set is_following = true,
        last_read_number = greatest(f.last_read_number, excluded.last_read_number),
        mark_version = f.mark_version + case when f.is_following then 0 else 1 end,
        mark_seq = case when f.is_following then f.mark_seq else excluded.mark_seq end
      returning f.user_id, f.chat_id, f.root_id, f.workspace_id)
    -- As it was before this statement: those who followed already get no event.
    select w.*, true as is_new from written w where not exists (
      select from thread_follows f
      where f.user_id = w.user_id and f.chat_id = w.chat_id and f.root_id = w.root_id and f.is_following)
    union all
    select f.user_id, f.chat_id, f.root_id, f.workspace_id, false
    from (select r.thread_id, count(*) as sent from replies r group by 1) n
    cross join lateral (select t.reply_count from threads t where t.root_id = n.thread_id limit 1) t
    join thread_follows f on f.root_id = n.thread_id and f.is_following
    where t.reply_count = n.sent
    order by 2, 3, 1
  loop
    insert into event_log (user_id, chat_id, code, subject_id) values (v_begun.user_id, v_begun.chat_id, 17, v_begun.root_id);
    if v_begun.is_new then
      perform bound_follows(v_begun.user_id, v_begun.workspace_id, v_begun.root_id);
    end if;
  end loop;
end $$;

-- The first 5 different people.
create or replace function latest_repliers(p_ids uuid[]) returns uuid[] language sql immutable as $$
  select array_agg(x.id order by x.ord) from (
    select i.id, min(i.ord) as ord from unnest(p_ids) with ordinality i (id, ord) group by 1 order by 2 limit 5) x
$$;
