-- Adds or removes one reaction, in a transaction that holds the chat's head and has assigned p_seq to the change. Returns 0
-- changed, 1 unchanged, 8 no such message (any more), 9 the message already has 20 kinds.
create or replace function change_reaction(p_chat uuid, p_message uuid, p_user uuid, p_emoji text, p_is_added boolean, p_seq bigint)
returns smallint language plpgsql volatile as $$
declare
  v_parts jsonb;
  v_changed jsonb;
begin
  select m.parts into v_parts from messages m where m.id = p_message and m.chat_id = p_chat and m.deleted_at is null;
  if not found then return 8; end if;
  v_changed := changed_reactions(coalesce(v_parts -> 'reactions', '[]'), p_message, p_user, p_emoji, p_is_added, p_seq);
  if v_changed is null then return 1; end if;
  if v_changed = 'false' then return 9; end if;
  perform write_reactions(p_message, v_parts, v_changed, p_seq);
  return 0;
end $$;

-- Inserts or deletes the row of a reaction, and returns the message's new summary (p_kinds is the old one): kinds in the order
-- of their first use, with count and the first ten people of each. Null: nothing changed; false: there are 20 kinds already.
-- write_reactions() writes the summary, once per transaction and message.
create or replace function changed_reactions(p_kinds jsonb, p_message uuid, p_user uuid, p_emoji text, p_is_added boolean, p_seq bigint)
returns jsonb language plpgsql volatile as $$
declare
  v_at int := 0;
  v_kind jsonb := p_kinds -> 0;
  v_count int;
  v_first jsonb;
begin
  while v_kind is not null and v_kind ->> 'emoji' <> p_emoji loop
    v_at := v_at + 1;
    v_kind := p_kinds -> v_at;
  end loop;
  if p_is_added then
    if v_at >= 20 then return 'false'; end if;
    insert into reactions (message_id, emoji, user_id, seq) values (p_message, p_emoji, p_user, p_seq) on conflict do nothing;
  else
    if v_kind is null then return null; end if;
    delete from reactions where message_id = p_message and emoji = p_emoji and user_id = p_user;
  end if;
  if not found then return null; end if;
  v_count := coalesce((v_kind ->> 'count')::int, 0) + case when p_is_added then 1 else -1 end;
  if v_count = 0 then return p_kinds - v_at; end if;
  v_first := coalesce(v_kind -> 'userIds', '[]');
  -- The next person is looked up only if one of the first ten leaves and there are more.
  if p_is_added then
    if v_count <= 10 then v_first := v_first || to_jsonb(p_user); end if;
  elsif v_first ? p_user::text then
    v_first := case
      when v_count < 10 then v_first - p_user::text
      else to_jsonb(array(
        select r.user_id from reactions r where r.message_id = p_message and r.emoji = p_emoji order by r.seq limit 10))
    end;
  end if;
  return jsonb_set(p_kinds, array[v_at::text], jsonb_build_object('emoji', p_emoji, 'count', v_count, 'userIds', v_first));
end $$;

-- Writes the summary of a message's reactions into its parts (p_parts are the old ones), as the newest change of the message.
create or replace function write_reactions(p_message uuid, p_parts jsonb, p_kinds jsonb, p_seq bigint)
returns void language plpgsql volatile as $$
begin
  update messages set version = p_seq, parts = case
    when p_kinds = '[]' then nullif(coalesce(p_parts, '{}') - 'reactions', '{}')
    else coalesce(p_parts, '{}') || jsonb_build_object('reactions', p_kinds)
  end where id = p_message;
end $$;
