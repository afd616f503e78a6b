import type { Role, WireWorkspaceExportLine } from '@fechatter/contract';
import {
  chatColumns,
  type ChatColumns,
  chatOf,
  emojiColumns,
  emojiOf,
  type EmojiRow,
  memberColumns,
  memberOf,
  type MemberRow,
  messageColumns,
  messageJoins,
  type MessageRow,
  type WorkspaceColumns,
  workspaceColumns,
  workspaceJoins,
  workspaceOf,
} from '@fechatter/drizzle';
import { auditEntryOf, type AuditRow } from '../audit/audit-row.ts';
import { workspaceLines } from '../audit/workspace-lines.ts';
import { shownMessage } from '../message/shown-message.ts';
import { inviteColumns, inviteOf, type InviteRow } from '../membership/invite-rows.ts';
import { beginning, nextStep, type Place, type Step, step } from './walk.ts';

// Exactly what an Owner may read: the workspace, its public channels, and other chats that the Owner is in. The
// operator gets every chat.

const byId = (row: { readonly id: string }): Partial<Place> => ({ id: row.id });
/** The chats `c` that are in the export. */
const readableChats = `
  scope join chat_heads h on h.workspace_id = scope.id join chats c on c.id = h.chat_id and c.deleted_at is null
    and (scope.caller_id is null or c.chat_type = 'PublicChannel' or exists (
      select 1 from live_chat_members own where own.chat_id = c.id and own.user_id = scope.caller_id))`;
/** From this step on, steps are repeated for each chat. */
const CHAT_STEP = 5;
const MEMBERS_STEP = 6;

export const workspaceSteps: readonly Step<WireWorkspaceExportLine>[] = [
  step<WorkspaceColumns, WireWorkspaceExportLine>({
    name: 'workspace',
    text: `select ${workspaceColumns} from scope join workspaces w on w.id = scope.id ${workspaceJoins}
      where w.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => {
      const { lastSeq: _, ...profile } = workspaceOf(row);
      return { type: 'workspace', ...profile };
    },
    behind: byId,
    atEnd: nextStep,
  }),
  step<MemberRow, WireWorkspaceExportLine>({
    name: 'members',
    text: `select ${memberColumns}
      from scope join live_workspace_members p on p.workspace_id = scope.id join users u on u.id = p.user_id
      where p.user_id > $4 order by p.user_id limit $3`,
    values: ({ id }) => [id],
    line: (row) => {
      const { user, ...membership } = memberOf(row);
      return { type: 'member', ...user, ...membership };
    },
    behind: byId,
    atEnd: nextStep,
  }),
  step<InviteRow, WireWorkspaceExportLine>({
    name: 'invites',
    text: `select ${inviteColumns} from scope join workspace_invites i on i.workspace_id = scope.id
      where i.revoked_at is null and i.expires_at > clock_timestamp() and i.id > $4 order by i.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'invite', ...inviteOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<EmojiRow, WireWorkspaceExportLine>({
    name: 'emoji',
    text: `select ${emojiColumns} from scope join emoji e on e.workspace_id = scope.id
      where e.file_id > $4 order by e.file_id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'emoji', ...emojiOf(row) }),
    behind: ({ file_id: id }) => ({ id }),
    atEnd: nextStep,
  }),
  step<AuditRow, WireWorkspaceExportLine>({
    name: 'audit-log',
    text: `, lines as (${workspaceLines('oldest first', { scope: 'scope', place: '$4::uuid', limit: '$3::int' })})
      select * from lines order by id`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'auditEntry', ...auditEntryOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  // One chat at a time: its members and messages come before the next.
  step<ChatColumns, WireWorkspaceExportLine>({
    name: 'next-chat',
    text: `select ${chatColumns} from ${readableChats}
      where c.id > $4 order by c.id limit $3`,
    values: ({ chatId }) => [chatId],
    rowsMax: 1,
    line: (row) => {
      const { workspaceId: _, version: __, ...chat } = chatOf(row);
      return { type: 'chat', ...chat };
    },
    behind: ({ id }) => ({ ...beginning, step: MEMBERS_STEP, chatId: id }),
    atEnd: () => undefined,
  }),
  step<{ user_id: string; role: Role; joined_at: Date; chat_id: string }, WireWorkspaceExportLine>({
    name: 'chat-members',
    text: `select c.id as chat_id, m.user_id, m.role, m.joined_at
      from ${readableChats} join live_chat_members m on m.chat_id = c.id
      where c.id = $4 and m.user_id > $5 order by m.user_id limit $3`,
    values: ({ chatId, id }) => [chatId, id],
    line: (row) => ({
      type: 'chatMember',
      chatId: row.chat_id,
      userId: row.user_id,
      role: row.role,
      joinedAt: row.joined_at,
    }),
    behind: (row) => ({ id: row.user_id }),
    atEnd: nextStep,
  }),
  step<MessageRow, WireWorkspaceExportLine>({
    name: 'chat-messages',
    text: `select ${messageColumns}
      from ${readableChats} join messages m on m.chat_id = c.id ${messageJoins}
      where c.id = $4 and m.seq > $5 order by m.seq limit $3`,
    values: ({ chatId, seq }) => [chatId, seq],
    line: (row, exporter) =>
      row.deleted_at === null ? { type: 'message', ...shownMessage(exporter, row) } : undefined,
    behind: ({ seq }) => ({ seq }),
    atEnd: ({ chatId }) => ({ ...beginning, step: CHAT_STEP, chatId }),
  }),
];
