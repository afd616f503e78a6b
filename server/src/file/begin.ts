import { ChatRef, FileBegin, FileBegun, WorkspaceRef } from '@fechatter/contract';
import { authorizeChat } from '../access/authorize-chat.ts';
import { authorizeWorkspace } from '../access/authorize-workspace.ts';
import { authorizedBeforeBadInput } from '../access/scoped-procedures.ts';
import { authed } from '../procedures.ts';
import { beginFile } from './begin-file.ts';

export const begin = authorizedBeforeBadInput(authed('write'), 'message.send', async (tx, userId, input) => {
  const chat = ChatRef.safeParse(input);
  if (chat.success) await authorizeChat(tx, userId, chat.data.chatId, 'message.send');
  const workspace = WorkspaceRef.safeParse(input);
  if (workspace.success) await authorizeWorkspace(tx, userId, workspace.data.workspaceId, 'emoji.manage');
})
  .input(FileBegin)
  .output(FileBegun)
  .meta({
    openapi: {
      method: 'POST',
      path: '/files',
      successStatus: 201,
      summary: 'Begin to upload a file',
      description:
        'For people who can send in the chat. Then send each part with `PUT /files/{file_id}/parts/{n}`, from 1 to ' +
        '`part_count`, in any order: each is a raw body of `part_size` bytes, the last of what is left. A part can be sent again. Then ' +
        'finish the file, and send a message with its id. Until then only you see it; what is not sent until ' +
        '`expires_at` is deleted. The size counts towards the quota of the workspace from now on. Shorter files can be ' +
        'uploaded in one request: `POST /chats/{chat_id}/files?name=…` with a raw body of up to 25 MiB. With `workspace_id` ' +
        'in place of `chat_id`, Admins and Owners upload a picture of up to 1 MiB that becomes an emoji (`POST ' +
        '/workspaces/{workspace_id}/emoji`).',
      tags: ['file'],
      refusals: [
        'chat_not_found',
        'workspace_not_found',
        'not_a_member',
        'chat_archived',
        'role_too_low',
        'file_too_large',
        'quota_exceeded',
      ],
    },
  })
  .mutation(({ ctx: { deps, principal }, input }) => beginFile(deps, principal.userId, input));
