/**
 * A chat, if this person can read it: they are a member of it, or of the workspace (not a Guest) if it is public, and
 * it is not deleted. Takes the names of two parameters (`$1`). Use it in `with scope as materialized (…) select … from scope left
 * join …`, so that access and content come from one snapshot: no row means chat_not_found, a null `role` means a reader
 * who is not a member.
 */
export const readableChat = (userId: `$${number}`, chatId: `$${number}`): string => `
  select c.id as chat_id, c.workspace_id, c.chat_type, m.role
  from chats c
  join live_workspace_members w on w.workspace_id = c.workspace_id and w.user_id = ${userId}::uuid
  left join live_chat_members m on m.chat_id = c.id and m.user_id = ${userId}::uuid
  where c.id = ${chatId}::uuid and c.deleted_at is null 
    and (m.user_id is not null or (c.chat_type = 'PublicChannel' and w.role >= 'Member'))`;
