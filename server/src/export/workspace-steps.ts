import type { ChatType, Role, Status, WorkspaceExportLine } from '@fechatter/contract';
import { messageColumns, type MessageRow } from '@fechatter/drizzle';
import { auditColumns, auditEntryOf, type AuditRow } from '../audit/audit-row.ts';
import { shownMessage } from '../message/shown-message.ts';
import { inviteColumns, inviteOf, type InviteRow } from '../membership/invite-rows.ts';
import { beginning, nextStep, type Place, type Step, step } from './walk.ts';

// What an Owner may read, and no more: the workspace, its public channels, and those other chats that the Owner is in.
// The operator gets every chat.

interface MemberFacts {
  user_id: string;
  name: string;
  avatar_url: string | null;
  status: Status;
  role: Role;
  joined_at: Date;
}
interface WorkspaceFacts {
  id: string;
  name: string;
  description: string | null;
  retention_days: number | null;
  created_at: Date;
  updated_at: Date;
}

const byId = (row: { readonly id: string }): Partial<Place> => ({ id: row.id });
/** The chats `c` that are in the export. */
const readableChats = `
  scope join chat_heads h on h.workspace_id = scope.id join chats c on c.id = h.chat_id and c.deleted_at is null
    and (scope.caller_id is null or c.chat_type = 'PublicChannel' or exists (
      select 1 from chat_members own where own.chat_id = c.id and own.user_id = scope.caller_id and own.left_seq is null))`;
/** The steps that are gone through for each chat. */
const CHAT_STEP = 4;
const MEMBERS_STEP = 5;

export const workspaceSteps: readonly Step<WorkspaceExportLine>[] = [
  step<WorkspaceFacts, WorkspaceExportLine>({
    name: 'workspace',
    text: `select w.id, w.name, w.description, w.retention_days, w.created_at, w.updated_at
      from scope join workspaces w on w.id = scope.id where w.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({
      type: 'workspace',
      id: row.id,
      name: row.name,
      description: row.description,
      retentionDays: row.retention_days,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<MemberFacts, WorkspaceExportLine>({
    name: 'members',
    text: `select m.user_id, u.full_name as name, u.avatar_url, u.status, m.role, m.joined_at
      from scope join workspace_members m on m.workspace_id = scope.id and m.left_seq is null join users u on u.id = m.user_id
      where m.user_id > $4 order by m.user_id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({
      type: 'member',
      id: row.user_id,
      name: row.name,
      avatarUrl: row.avatar_url,
      status: row.status,
      role: row.role,
      joinedAt: row.joined_at,
    }),
    behind: (row) => ({ id: row.user_id }),
    atEnd: nextStep,
  }),
  step<InviteRow, WorkspaceExportLine>({
    name: 'invites',
    text: `select ${inviteColumns} from scope join workspace_invites i on i.workspace_id = scope.id
      where i.revoked_at is null and i.expires_at > clock_timestamp() and i.id > $4 order by i.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'invite', ...inviteOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<AuditRow, WorkspaceExportLine>({
    name: 'audit-log',
    text: `select ${auditColumns} from scope join audit_log a on a.scope_id = scope.id where a.id > $4 order by a.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'auditEntry', ...auditEntryOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  // One chat at a time: its members and messages come before the next.
  step<{ id: string; name: string; chat_type: ChatType; created_at: Date; updated_at: Date }, WorkspaceExportLine>({
    name: 'next-chat',
    text: `select c.id, c.name, c.chat_type, c.created_at, c.updated_at from ${readableChats}
      where c.id > $4 order by c.id limit $3`,
    values: ({ chatId }) => [chatId],
    rowsMax: 1,
    line: (row) => ({
      type: 'chat',
      id: row.id,
      name: row.name,
      chatType: row.chat_type,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    }),
    behind: ({ id }) => ({ ...beginning, step: MEMBERS_STEP, chatId: id }),
    atEnd: () => undefined,
  }),
  step<{ user_id: string; role: Role; joined_at: Date; chat_id: string }, WorkspaceExportLine>({
    name: 'chat-members',
    text: `select c.id as chat_id, m.user_id, m.role, m.joined_at
      from ${readableChats} join chat_members m on m.chat_id = c.id and m.left_seq is null
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
  step<MessageRow, WorkspaceExportLine>({
    name: 'chat-messages',
    text: `select ${messageColumns}
      from ${readableChats} join messages m on m.chat_id = c.id join users s on s.id = m.sender_id
      where c.id = $4 and m.seq > $5 order by m.seq limit $3`,
    values: ({ chatId, seq }) => [chatId, seq],
    line: (row, exporter) =>
      row.deleted_at === null ? { type: 'message', ...shownMessage(exporter, row) } : undefined,
    behind: ({ seq }) => ({ seq }),
    atEnd: ({ chatId }) => ({ ...beginning, step: CHAT_STEP, chatId }),
  }),
];
