/**
 * Files `f` that this person can read: those of messages in chats that they can read, the pictures of the emoji of their
 * workspaces, and what they have uploaded there and not sent. Takes the names of two parameters (`$1`).
 */
export const readableFile = (userId: `$${number}`, fileId: `$${number}`): string => `
  select f.*, case when f.message_id is not null then x.thread_id end as thread_id
  from files f
  join live_workspace_members w on w.workspace_id = f.workspace_id and w.user_id = ${userId}::uuid
  left join chats c on c.id = f.chat_id and c.deleted_at is null
  left join live_chat_members m on m.chat_id = c.id and m.user_id = ${userId}::uuid
  left join messages x on x.id = f.message_id
  where f.id = ${fileId}::uuid and f.state <> 'Gone'
    and (f.chat_id is null or m.user_id is not null or (c.chat_type = 'PublicChannel' and w.role >= 'Member'))
    and case when f.message_id is not null then x.deleted_at is null
      else (f.chat_id is null and f.expires_at is null)
        or (f.uploader_id = ${userId}::uuid and f.expires_at > clock_timestamp()) end`;
