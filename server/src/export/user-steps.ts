import type { ChatType, NotifyLevel, Role, WireUserExportLine } from '@fechatter/contract';
import {
  meColumns,
  meOf,
  type MeRow,
  messageColumns,
  messageJoins,
  type MessageRow,
  mutedUntil,
  preferencesOf,
  type PreferencesRow,
  preferencesSql,
  type SessionColumns,
  sessionColumns,
  sessionOf,
} from '@fechatter/drizzle';
import { auditColumns, auditEntryOf, type AuditRow } from '../audit/audit-row.ts';
import { shownMessage } from '../message/shown-message.ts';
import { factorSteps } from './factor-steps.ts';
import { pushStep } from './push-step.ts';
import { beginning, nextStep, type Place, type Step, step } from './walk.ts';

// The data of a person: the account, sessions, memberships, messages, reactions, saved and pinned messages. It does not
// include what others wrote.

interface PlaceRow {
  role: Role;
  joined_at: Date;
  joined_seq: number;
  has_left: boolean;
}
interface ChatChoice {
  notify_level: NotifyLevel | null;
  muted_until: Date | null;
}
type SessionFacts = SessionColumns & { revoked_at: Date | null };

const byId = (row: { readonly id: string }): Partial<Place> => ({ id: row.id });
const placeColumns = 'm.role, m.joined_at, m.joined_seq, m.left_seq is not null as has_left';
const membershipOf = (row: PlaceRow) => ({ role: row.role, joinedAt: row.joined_at, hasLeft: row.has_left });

/** The next step, from its first chat. */
const restart = ({ step: at }: Place): Place => ({ ...beginning, step: at + 1 });

export const userSteps: readonly Step<WireUserExportLine>[] = [
  step<MeRow, WireUserExportLine>({
    name: 'user',
    text: `select ${meColumns} from scope join users u on u.id = scope.id where u.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'user', ...meOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<PreferencesRow & { id: string }, WireUserExportLine>({
    name: 'preferences',
    text: `select scope.id, p.* from scope cross join lateral (${preferencesSql.replace('$1', 'scope.id')}) p
      where scope.id > $4 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'preferences', ...preferencesOf(row) }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<{ id: string; emoji: string | null; text: string | null; expires_at: Date | null }, WireUserExportLine>({
    name: 'custom-status',
    text: `select s.user_id as id, s.emoji, s.text, s.expires_at
      from scope join custom_statuses s on s.user_id = scope.id where s.user_id > $4 limit $3`,
    values: ({ id }) => [id],
    line: ({ emoji, text, expires_at: expiresAt }) => ({ type: 'customStatus', emoji, text, expiresAt }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<{ id: string; issuer: string; subject: string; created_at: Date }, WireUserExportLine>({
    name: 'own-identities',
    text: `select i.id, i.issuer, i.subject, i.created_at
      from scope join identities i on i.user_id = scope.id where i.id > $4 order by i.id limit $3`,
    values: ({ id }) => [id],
    line: ({ issuer, subject, created_at: createdAt }) => ({ type: 'identity', issuer, subject, createdAt }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<SessionFacts, WireUserExportLine>({
    name: 'sessions',
    text: `select ${sessionColumns}, s.revoked_at
      from scope join sessions s on s.user_id = scope.id where s.id > $4 order by s.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'session', ...sessionOf(row), revokedAt: row.revoked_at }),
    behind: byId,
    atEnd: nextStep,
  }),
  ...factorSteps,
  pushStep,
  step<PlaceRow & { id: string; name: string }, WireUserExportLine>({
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
  step<
    PlaceRow & { id: string; chat_type: ChatType; name: string; last_read_number: number } & ChatChoice,
    WireUserExportLine
  >({
    name: 'chat-places',
    text: `select c.id, c.chat_type, c.name, m.last_read_number, m.notify_level, ${mutedUntil('m')} as muted_until, ${placeColumns}
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
      notifyLevel: row.notify_level,
      mutedUntil: row.muted_until,
    }),
    behind: (row) => ({ id: row.id, seq: row.joined_seq }),
    atEnd: nextStep,
  }),
  // In the order of the index on client ids: there is none by sender and time.
  step<MessageRow, WireUserExportLine>({
    name: 'sent-messages',
    text: `select ${messageColumns}
      from scope join messages m on m.sender_id = scope.id ${messageJoins}
      where (m.client_id, m.chat_id) > ($4::uuid, $5::uuid) order by m.client_id, m.chat_id limit $3`,
    values: ({ id, chatId }) => [id, chatId],
    line: (row, exporter) =>
      row.deleted_at === null ? { type: 'message', ...shownMessage(exporter, row) } : undefined,
    behind: (row) => ({ id: row.client_id, chatId: row.chat_id }),
    atEnd: nextStep,
  }),
  step<{ id: string; chat_id: string; emoji: string[] }, WireUserExportLine>({
    name: 'own-reactions',
    text: `select r.message_id as id, m.chat_id, array_agg(r.emoji order by r.seq) as emoji
      from scope join reactions r on r.user_id = scope.id join messages m on m.id = r.message_id
      where r.message_id > $4 group by 1, 2 order by 1 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'reactions', chatId: row.chat_id, messageId: row.id, emoji: row.emoji }),
    behind: byId,
    atEnd: restart,
  }),
  // The same of placeholders of imports that the person has claimed: their chats are known.
  step<MessageRow, WireUserExportLine>({
    name: 'claimed-messages',
    text: `select ${messageColumns}
      from scope join users p on p.account_id = scope.id join import_members i on i.user_id = p.id
      join messages m on m.chat_id = i.chat_id and m.sender_id = p.id ${messageJoins}
      where (m.chat_id, m.seq) > ($4::uuid, $5::bigint) order by m.chat_id, m.seq limit $3`,
    values: ({ chatId, seq }) => [chatId, seq],
    line: (row, exporter) =>
      row.deleted_at === null ? { type: 'message', ...shownMessage(exporter, row) } : undefined,
    behind: (row) => ({ chatId: row.chat_id, seq: row.seq }),
    atEnd: restart,
  }),
  step<{ id: string; chat_id: string; emoji: string[] }, WireUserExportLine>({
    name: 'claimed-reactions',
    text: `select r.message_id as id, m.chat_id, array_agg(r.emoji order by r.seq) as emoji
      from scope join users p on p.account_id = scope.id
      join reactions r on r.user_id = p.id join messages m on m.id = r.message_id
      where r.message_id > $4 group by 1, 2 order by 1 limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'reactions', chatId: row.chat_id, messageId: row.id, emoji: row.emoji }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<{ id: string; chat_id: string; saved_at: Date }, WireUserExportLine>({
    name: 'own-saved',
    text: `select k.message_id as id, k.chat_id, k.saved_at from scope join saved_messages k on k.user_id = scope.id
      where k.message_id > $4 order by k.message_id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'saved', chatId: row.chat_id, messageId: row.id, savedAt: row.saved_at }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<{ id: string; chat_id: string; pinned_at: string }, WireUserExportLine>({
    name: 'own-pins',
    text: `select p.message_id as id, p.chat_id, m.parts ->> 'pinnedAt' as pinned_at
      from scope join pins p on p.user_id = scope.id join messages m on m.id = p.message_id
      where p.message_id > $4 order by p.message_id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'pin', chatId: row.chat_id, messageId: row.id, pinnedAt: new Date(row.pinned_at) }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<{ chat_id: string; root_id: string; is_following: boolean; last_read_number: number }, WireUserExportLine>({
    name: 'own-threads',
    text: `select f.chat_id, f.root_id, f.is_following, f.last_read_number
      from scope join thread_follows f on f.user_id = scope.id
      where (f.chat_id, f.root_id) > ($4::uuid, $5::uuid) order by f.chat_id, f.root_id limit $3`,
    values: ({ chatId, id }) => [chatId, id],
    line: (row) => ({
      type: 'thread',
      chatId: row.chat_id,
      rootId: row.root_id,
      following: row.is_following,
      lastReadNumber: row.last_read_number,
    }),
    behind: (row) => ({ chatId: row.chat_id, id: row.root_id }),
    atEnd: nextStep,
  }),
  step<{ id: string; workspace_id: string; name: string; created_at: Date }, WireUserExportLine>({
    name: 'own-emoji',
    text: `select e.file_id as id, e.workspace_id, e.name, e.created_at from scope join emoji e on e.created_by = scope.id
      where e.file_id > $4 order by e.file_id limit $3`,
    values: ({ id }) => [id],
    line: ({ id, workspace_id: workspaceId, name, created_at: createdAt }) => ({
      type: 'emoji',
      workspaceId,
      name,
      fileId: id,
      createdAt,
    }),
    behind: byId,
    atEnd: nextStep,
  }),
  step<AuditRow, WireUserExportLine>({
    name: 'own-audit-log',
    text: `select ${auditColumns} from scope join audit_log a on a.scope_id = scope.id where a.id > $4 order by a.id limit $3`,
    values: ({ id }) => [id],
    line: (row) => ({ type: 'auditEntry', ...auditEntryOf(row) }),
    behind: byId,
    atEnd: () => undefined,
  }),
];
