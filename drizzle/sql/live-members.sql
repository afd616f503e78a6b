-- Who is a member of a chat or a workspace now: memberships that have not ended. Statements that change or end a membership use
-- the table.
create or replace view live_chat_members as
select m.chat_id, m.user_id, m.role, m.joined_seq, m.joined_at, m.last_read_seq, m.last_read_number,
  m.mark_version, m.mark_seq, m.highest_read_number, m.notify_level, m.muted_until
from chat_members m where m.left_seq is null;

create or replace view live_workspace_members as
select m.workspace_id, m.user_id, m.role, m.joined_seq, m.joined_at
from workspace_members m where m.left_seq is null;
