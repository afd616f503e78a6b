import type { ChatType, Me, Role, UserExportLine } from '@fechatter/contract';
import { messageColumns, type MessageRow } from '@fechatter/drizzle';
import { auditColumns, auditEntryOf, type AuditRow } from '../audit/audit-row.ts';
import { shownMessage } from '../message/shown-message.ts';
import { nextStep, type Place, type Step, step } from './walk.ts';

// What is a person's own: the account, where they were signed in, where they are and were, what they wrote. Not what
// others wrote.

interface PlaceRow {
  role: Role;
  joined_at: Date;
  joined_seq: number;
  has_left: boolean;
}
interface SessionFacts {
  id: string;
  user_agent: string | null;
  ip: string | null;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

const byId = (row: { readonly id: string }): Partial<Place> => ({ id: row.id });
const placeColumns = 'm.role, m.joined_at, m.joined_seq, m.left_seq is not null as has_left';
const membershipOf = (row: PlaceRow) => ({ role: row.role, joinedAt: row.joined_at, hasLeft: row.has_left });

export const userSteps: readonly Step<UserExportLine>[] = [
  step<Me, UserExportLine>({
    name: 'user',
    text: `select u.id, u.email, u.full_name as "fullName", u.avatar_url as "avatarUrl", u.status, u.created_at as "createdAt"
      from scope join users u on u.id = scope.id where u.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'user', ...row }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<SessionFacts, UserExportLine>({
    name: 'sessions',
    text: `select s.id, s.user_agent, s.ip, s.created_at, s.last_used_at, s.expires_at, s.revoked_at
      from scope join sessions s on s.user_id = scope.id where s.id > $4 order by s.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({
      type: 'session',
      id: row.id,
      userAgent: row.user_agent,
      ip: row.ip,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
      expiresAt: row.expires_at,
      revokedAt: row.revoked_at,
    }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<PlaceRow & { id: string; name: string }, UserExportLine>({
    name: 'workspace-places',
    text: `select w.id, w.name, ${placeColumns}
      from scope join workspace_members m on m.user_id = scope.id join workspaces w on w.id = m.workspace_id
      where (m.workspace_id, m.joined_seq) > ($4::uuid, $5::bigint) order by m.workspace_id, m.joined_seq limit $3`,
    values: ({ id, seq }) => [id, seq],
    line: (row) => ({
      type: 'workspaceMembership',
      workspaceId: row.id,
      workspaceName: row.has_left ? '' : row.name,
      ...membershipOf(row),
    }),
    behind: (row) => ({ id: row.id, seq: row.joined_seq }),
    atEnd: nextStep,
  }),
  step<PlaceRow & { id: string; chat_type: ChatType; name: string; last_read_number: number }, UserExportLine>({
    name: 'chat-places',
    text: `select c.id, c.chat_type, c.name, m.last_read_number, ${placeColumns}
      from scope join chat_members m on m.user_id = scope.id join chats c on c.id = m.chat_id
      where (m.chat_id, m.joined_seq) > ($4::uuid, $5::bigint) order by m.chat_id, m.joined_seq limit $3`,
    values: ({ id, seq }) => [id, seq],
    line: (row) => ({
      type: 'chatMembership',
      chatId: row.id,
      chatType: row.chat_type,
      chatName: row.has_left ? '' : row.name,
      ...membershipOf(row),
      lastReadNumber: row.last_read_number,
    }),
    behind: (row) => ({ id: row.id, seq: row.joined_seq }),
    atEnd: nextStep,
  }),
  // In the order of the index that finds repeats: there is none by sender and time.
  step<MessageRow & { client_id: string }, UserExportLine>({
    name: 'sent-messages',
    text: `select ${messageColumns}, m.client_id
      from scope join messages m on m.sender_id = scope.id join users s on s.id = m.sender_id
      where (m.client_id, m.chat_id) > ($4::uuid, $5::uuid) order by m.client_id, m.chat_id limit $3`,
    values: ({ id, chatId }) => [id, chatId],
    line: (row, exporter) =>
      row.deleted_at === null ? { type: 'message', ...shownMessage(exporter, row) } : undefined,
    behind: (row) => ({ id: row.client_id, chatId: row.chat_id }),
    atEnd: nextStep,
  }),
  step<AuditRow, UserExportLine>({
    name: 'own-audit-log',
    text: `select ${auditColumns} from scope join audit_log a on a.scope_id = scope.id where a.id > $4 order by a.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'auditEntry', ...auditEntryOf(row) }),
    behind: byId,
    atEnd: () => undefined,
  }),
];
