import {
  type ChatType,
  definitionOfCode,
  loggedEvents,
  type LogRow,
  type MemberUser,
  type NounName,
  type Status,
  type WorkspaceProfile,
} from '@fechatter/contract';
import type { MessageRow } from '../message-row.ts';

/** A chat as the log reads it; a Single chat has a name for each of its two. */
export interface LoggedChat {
  readonly id: string;
  readonly name: string;
  readonly chatType: ChatType;
  readonly workspaceId: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Single chats: what the chat is called for each member, by user id. */
  readonly nameFor: ReadonlyMap<string, string> | undefined;
}

/** A numbered row of the log with the content that its event shows, all of one snapshot. */
export interface LogEntry extends LogRow {
  readonly pos: number;
  readonly nonce: number;
  readonly createdAt: Date;
  /** Still encrypted. Undefined where the kind does not show it. */
  readonly message: MessageRow | undefined;
  readonly chat: LoggedChat | undefined;
  readonly user: MemberUser | undefined;
  readonly workspace: WorkspaceProfile | undefined;
  /** Whose periods in the chat begin with this row (chat.created): nobody's in any other row. */
  readonly opensFor: readonly string[];
}

const codesThatNeed = (noun: NounName) =>
  loggedEvents
    .filter(({ needs }) => (needs as readonly NounName[]).includes(noun))
    .map(({ code }) => code)
    .join(',');
const codesThatOpenAll = loggedEvents
  .filter(({ effect }) => effect === 'opens_all')
  .map(({ code }) => code)
  .join(',');

/** What an entry is made of, given `o` (log_order) and `e` (event_log, left joined). */
export const entryColumns = `
  o.pos, o.nonce, e.id as event_id, e.code, e.workspace_id, e.workspace_seq, e.chat_id, e.chat_seq, e.user_id, e.subject_id,
  e.facts, e.created_at as logged_at,
  m.id as m_id, m.seq as m_seq, m.number as m_number, m.version as m_version, m.body as m_body, m.created_at as m_created_at,
  m.edited_at as m_edited_at, m.deleted_at as m_deleted_at, m.sender_id as m_sender_id,
  s.full_name as m_sender_name, s.avatar_url as m_sender_avatar_url,
  c.id as c_id, c.name as c_name, c.chat_type as c_chat_type, c.version as c_version, c.created_at as c_created_at,
  c.updated_at as c_updated_at, c.workspace_id as c_workspace_id,
  c.single_low as c_low, low.full_name as c_low_name, c.single_high as c_high, high.full_name as c_high_name,
  u.id as u_id, u.full_name as u_name, u.avatar_url as u_avatar_url, u.status as u_status,
  w.id as w_id, w.name as w_name, w.description as w_description, w.retention_days as w_retention_days, wh.last_seq as w_last_seq, w.created_at as w_created_at,
  w.updated_at as w_updated_at,
  case when e.code in (${codesThatOpenAll}) then array(
    select cm.user_id::text from chat_members cm where cm.chat_id = e.chat_id and cm.joined_seq = e.chat_seq) end as opens_for`;

// As a look-up: no plan, however wrong its guess of the number of rows, can make it a scan of the table.
const lookUp = (table: string, as: string, where: string) =>
  `left join lateral (select * from ${table} where ${where} limit 1) ${as} on true`;

/** The content of an entry: primary key look-ups, only for the kinds that show it. */
export const entryJoins = [
  lookUp('event_log', 'e', 'id = o.event_id'),
  lookUp('messages', 'm', `e.code in (${codesThatNeed('message')}) and id = e.subject_id`),
  lookUp('users', 's', 'id = m.sender_id'),
  lookUp('chats', 'c', `e.code in (${codesThatNeed('chat')}) and id = e.chat_id`),
  lookUp('users', 'low', 'id = c.single_low'),
  lookUp('users', 'high', 'id = c.single_high'),
  lookUp('users', 'u', `e.code in (${codesThatNeed('user')}) and id = e.subject_id`),
  lookUp('workspaces', 'w', `e.code in (${codesThatNeed('workspace')}) and id = e.workspace_id`),
  lookUp('workspace_heads', 'wh', 'workspace_id = w.id'),
].join('\n  ');

/** One row of {@link entryColumns}. */
export interface EntryRow {
  pos: number;
  nonce: number;
  event_id: number | null;
  code: number;
  workspace_id: string | null;
  workspace_seq: number | null;
  chat_id: string | null;
  chat_seq: number | null;
  user_id: string | null;
  subject_id: string | null;
  facts: Record<string, unknown>;
  logged_at: Date;
  m_id: string | null;
  m_seq: number;
  m_number: number;
  m_version: number;
  m_body: Buffer | null;
  m_created_at: Date;
  m_edited_at: Date | null;
  m_deleted_at: Date | null;
  m_sender_id: string;
  m_sender_name: string;
  m_sender_avatar_url: string | null;
  c_id: string | null;
  c_name: string;
  c_chat_type: ChatType;
  c_version: number;
  c_created_at: Date;
  c_updated_at: Date;
  c_workspace_id: string;
  c_low: string | null;
  c_low_name: string;
  c_high: string | null;
  c_high_name: string;
  u_id: string | null;
  u_name: string;
  u_avatar_url: string | null;
  u_status: Status;
  w_id: string | null;
  w_name: string;
  w_description: string | null;
  w_retention_days: number | null;
  w_last_seq: number;
  w_created_at: Date;
  w_updated_at: Date;
  opens_for: string[] | null;
}

/** The entry that a row stands for. */
export function entryOf(row: EntryRow): LogEntry {
  return {
    pos: row.pos,
    nonce: row.nonce,
    code: row.code,
    workspaceId: row.workspace_id,
    workspaceSeq: row.workspace_seq,
    chatId: row.chat_id,
    chatSeq: row.chat_seq,
    userId: row.user_id,
    subjectId: row.subject_id,
    facts: row.facts,
    createdAt: row.logged_at,
    message: messagePart(row),
    chat: chatPart(row),
    user:
      row.u_id === null
        ? undefined
        : { id: row.u_id, name: row.u_name, avatarUrl: row.u_avatar_url, status: row.u_status },
    workspace:
      row.w_id === null
        ? undefined
        : {
            id: row.w_id,
            name: row.w_name,
            description: row.w_description,
            retentionDays: row.w_retention_days,
            lastSeq: row.w_last_seq,
            createdAt: row.w_created_at,
            updatedAt: row.w_updated_at,
          },
    opensFor: row.opens_for ?? [],
  };
}

/** Whether this build knows what the row says; one that it does not must not be skipped in silence. */
export const isKnown = (entry: LogRow): boolean => definitionOfCode(entry.code) !== undefined;

function messagePart(row: EntryRow): MessageRow | undefined {
  if (row.m_id === null || row.chat_id === null) return undefined;
  return {
    id: row.m_id,
    chat_id: row.chat_id,
    seq: row.m_seq,
    number: row.m_number,
    version: row.m_version,
    body: row.m_body,
    created_at: row.m_created_at,
    edited_at: row.m_edited_at,
    deleted_at: row.m_deleted_at,
    sender_id: row.m_sender_id,
    sender_name: row.m_sender_name,
    sender_avatar_url: row.m_sender_avatar_url,
  };
}

function chatPart(row: EntryRow): LoggedChat | undefined {
  if (row.c_id === null) return undefined;
  return {
    id: row.c_id,
    name: row.c_name,
    chatType: row.c_chat_type,
    workspaceId: row.c_workspace_id,
    version: row.c_version,
    createdAt: row.c_created_at,
    updatedAt: row.c_updated_at,
    nameFor:
      row.c_low === null || row.c_high === null
        ? undefined
        : new Map([
            [row.c_low, row.c_high_name],
            [row.c_high, row.c_low_name],
          ]),
  };
}
