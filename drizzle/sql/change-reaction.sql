-- Puts a reaction there or takes it away, in a transaction that holds the chat's head and gives out p_seq for it; keeps
-- the summary beside the message: kinds in the order of their first use, with count and the first ten people of each.
-- Returns 0 changed, 1 as it was, 8 no such message (any more), 9 the message has 20 kinds already.
create or replace function change_reaction(p_chat uuid, p_message uuid, p_user uuid, p_emoji text, p_is_added boolean, p_seq bigint)
returns smallint language plpgsql volatile as $$
declare
  v_parts jsonb;
  v_kinds jsonb;
  v_at int;
  v_count int;
  v_first jsonb;
begin
  select m.parts, coalesce(m.parts -> 'reactions', '[]'), k.n - 1, coalesce((k.kind ->> 'count')::int, 0), coalesce(k.kind -> 'userIds', '[]')
  into v_parts, v_kinds, v_at, v_count, v_first
  from messages m
  left join lateral jsonb_array_elements(m.parts -> 'reactions') with ordinality k (kind, n) on k.kind ->> 'emoji' = p_emoji
  where m.id = p_message and m.chat_id = p_chat and m.deleted_at is null;
  if not found then return 8; end if;
  if p_is_added then
    if v_at is null and jsonb_array_length(v_kinds) >= 20 then return 9; end if;
    insert into reactions (message_id, emoji, user_id, seq) values (p_message, p_emoji, p_user, p_seq) on conflict do nothing;
  elsif v_at is not null then
    delete from reactions where message_id = p_message and emoji = p_emoji and user_id = p_user;
  end if;
  if not found or (v_at is null and not p_is_added) then return 1; end if;
  v_count := v_count + case when p_is_added then 1 else -1 end;
  -- The next in line is looked up only where one of the first ten goes and there are more.
  if p_is_added then
    if v_count <= 10 then v_first := v_first || to_jsonb(p_user); end if;
  elsif v_first ? p_user::text then
    v_first := case
      when v_count < 10 then v_first - p_user::text
      else to_jsonb(array(
        select r.user_id from reactions r where r.message_id = p_message and r.emoji = p_emoji order by r.seq limit 10))
    end;
  end if;
  v_kinds := case
    when v_count = 0 then v_kinds - v_at
    else jsonb_set(v_kinds, array[coalesce(v_at, jsonb_array_length(v_kinds))::text],
      jsonb_build_object('emoji', p_emoji, 'count', v_count, 'userIds', v_first))
  end;
  v_parts := case
    when v_kinds = '[]' then nullif(coalesce(v_parts, '{}') - 'reactions', '{}')
    else coalesce(v_parts, '{}') || jsonb_build_object('reactions', v_kinds)
  end;
  update messages set parts = v_parts, version = p_seq where id = p_message;
  return 0;
end $$;
