import {
  type ChatType,
  definitionOfCode,
  loggedEvents,
  type LogRow,
  type MemberUser,
  type NounName,
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

const codesThat = (need: (event: (typeof loggedEvents)[number]) => boolean) =>
  loggedEvents
    .filter(need)
    .map(({ code }) => code)
    .join(',');
const codesThatNeed = (...nouns: readonly NounName[]) =>
  codesThat(({ needs }) => (needs as readonly NounName[]).some((need) => nouns.includes(need)));
const opensAll = codesThat(({ effect }) => effect === 'opens_all');

// As a look-up: no plan, however wrong its guess of the number of rows, can make it a scan of the table.
const lookUp = (table: string, as: string, where: string) =>
  `left join lateral (select * from ${table} where ${where} limit 1) ${as} on true`;

const isFor = (codes: string) => `e.code in (${codes})`;

/**
 * What a few kinds show beside a message, as JSON (see {@link OtherNouns}). Nearly every row is a message's, and each
 * column costs on both sides of the wire, whether or not there is anything in it.
 */
const otherNouns = `case when ${isFor(`${codesThatNeed('chat', 'user', 'workspace')},${opensAll}`)} then (
    select json_build_object(
      'chat', case when c.id is not null then json_build_object('id', c.id, 'name', c.name, 'chatType', c.chat_type,
        'workspaceId', c.workspace_id, 'version', c.version, 'createdAt', c.created_at, 'updatedAt', c.updated_at,
        'names', case when c.single_low is not null then json_build_object(c.single_low, high.full_name, c.single_high, low.full_name) end) end,
      'user', case when u.id is not null then json_build_object('id', u.id, 'name', u.full_name, 'avatarUrl', u.avatar_url, 'status', u.status) end,
      'workspace', case when w.id is not null then json_build_object('id', w.id, 'name', w.name, 'description', w.description,
        'retentionDays', w.retention_days, 'lastSeq', wh.last_seq, 'createdAt', w.created_at, 'updatedAt', w.updated_at) end,
      'opensFor', case when ${isFor(opensAll)} then array(
        select cm.user_id from chat_members cm where cm.chat_id = e.chat_id and cm.joined_seq = e.chat_seq) end)
    from (select) nothing
      ${lookUp('chats', 'c', `${isFor(codesThatNeed('chat'))} and id = e.chat_id`)}
      ${lookUp('users', 'low', 'id = c.single_low')}
      ${lookUp('users', 'high', 'id = c.single_high')}
      ${lookUp('users', 'u', `${isFor(codesThatNeed('user'))} and id = e.subject_id`)}
      ${lookUp('workspaces', 'w', `${isFor(codesThatNeed('workspace'))} and id = e.workspace_id`)}
      ${lookUp('workspace_heads', 'wh', 'workspace_id = w.id')}) end`;

/** What an entry is made of, given `o` (log_order) and {@link entryJoins}. */
export const entryColumns = `
  o.pos, o.nonce, e.id as event_id, e.code, e.workspace_id, e.workspace_seq, e.chat_id, e.chat_seq, e.user_id, e.subject_id,
  e.facts, e.created_at as logged_at,
  m.id as m_id, m.seq as m_seq, m.number as m_number, m.version as m_version, m.body as m_body, m.created_at as m_created_at,
  m.edited_at as m_edited_at, m.deleted_at as m_deleted_at, m.sender_id as m_sender_id,
  s.full_name as m_sender_name, s.avatar_url as m_sender_avatar_url,
  ${otherNouns} as other_nouns`;

/** How many bytes of content stand before a row. */
export const bytesBefore =
  'sum(coalesce(octet_length(m.body), 0)) over (order by o.pos) - coalesce(octet_length(m.body), 0)';

/** The content of an entry: primary key look-ups, only for the kinds that show it. */
export const entryJoins = [
  lookUp('event_log', 'e', 'id = o.event_id'),
  lookUp('messages', 'm', `${isFor(codesThatNeed('message'))} and id = e.subject_id`),
  lookUp('users', 's', 'id = m.sender_id'),
].join('\n  ');

interface OtherNouns {
  chat:
    | (Omit<LoggedChat, 'nameFor' | 'createdAt' | 'updatedAt'> & Times & { names: Record<string, string> | null })
    | null;
  user: MemberUser | null;
  workspace: (Omit<WorkspaceProfile, 'createdAt' | 'updatedAt'> & Times) | null;
  opensFor: string[] | null;
}

interface Times {
  createdAt: string;
  updatedAt: string;
}

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
  other_nouns: OtherNouns | null;
}

/** The entry that a row stands for. */
export function entryOf(row: EntryRow): LogEntry {
  const { other_nouns: others } = row;
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
    chat: chatPart(others?.chat),
    user: others?.user ?? undefined,
    workspace: others?.workspace ? { ...others.workspace, ...timesOf(others.workspace) } : undefined,
    opensFor: others?.opensFor ?? [],
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

function chatPart(found: OtherNouns['chat'] | undefined): LoggedChat | undefined {
  if (!found) return undefined;
  const { names, ...chat } = found;
  return { ...chat, ...timesOf(chat), nameFor: names === null ? undefined : new Map(Object.entries(names)) };
}

const timesOf = ({ createdAt, updatedAt }: Times) => ({
  createdAt: new Date(createdAt),
  updatedAt: new Date(updatedAt),
});
