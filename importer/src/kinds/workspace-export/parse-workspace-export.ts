import { ChatType, Role, UserKind, WhoPosts } from '@fechatter/contract';
import { z } from 'zod';
import { contentIn } from '../../archive/content-in.ts';
import { openArchive } from '../../archive/open-archive.ts';
import type { ImportedContent, ImportItem, ImportStream, TextPiece } from '../../stream.ts';
import type { ParserOptions } from '../kinds.ts';
import { bytesOf, linesOf } from '../lines.ts';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text) * 1_000);
const person = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: UserKind.optional(),
  avatar_url: z.string().nullish(),
  account_id: z.uuid().nullish(),
});

const Line = z.discriminatedUnion('type', [
  person.extend({ type: z.literal('member'), role: Role.optional() }),
  z.object({
    type: z.literal('chat'),
    id: z.uuid(),
    name: z.string(),
    chat_type: ChatType,
    topic: z.string().nullish(),
    who_posts: WhoPosts.optional(),
    archived_at: time.nullish(),
    created_at: time,
  }),
  z.object({ type: z.literal('chatMember'), user_id: z.uuid(), role: Role }),
  z.object({
    type: z.literal('message'),
    id: z.uuid(),
    chat_id: z.uuid(),
    content: z.string(),
    sender: person,
    created_at: time,
    edited_at: time.nullish(),
    thread_id: z.uuid().nullish(),
    quoted_id: z.uuid().nullish(),
    pinned_at: time.nullish(),
    data: z.string().nullish(),
    mentions: z.object({ user_ids: z.array(z.uuid()), everyone: z.boolean() }).nullish(),
    reactions: z.array(z.object({ emoji: z.string(), count: z.int(), user_ids: z.array(z.uuid()) })).default([]),
    files: z.array(z.object({ id: z.uuid(), name: z.string(), mime: z.string().optional() })).default([]),
  }),
  z.object({
    type: z.literal('emoji'),
    name: z.string(),
    file_id: z.uuid(),
    created_by: z.uuid(),
    created_at: time,
  }),
  z.object({ type: z.enum(['workspace', 'invite', 'auditEntry', 'end']) }),
]);
type Line = z.infer<typeof Line>;
type MessageLine = Extract<Line, { type: 'message' }>;
type ChatLine = Extract<Line, { type: 'chat' }>;
/** The content of a file, by its id. */
type ContentOf = (fileId: string) => ImportedContent | undefined;

/**
 * Reads the export of a workspace of Fechatter, from `workspaces export` or `workspace.export`. It names people by their
 * ids, which identifies them in the installation that it came from, and has no addresses. The content of files is in a folder
 * beside it, if it was exported with `--files`.
 */
export async function* parseWorkspaceExport(path: string, { files }: Pick<ParserOptions, 'files'> = {}): ImportStream {
  const archive = files === undefined ? undefined : await openArchive(files);
  try {
    yield* itemsIn(path, (fileId) => archive && contentIn(archive, fileId));
  } finally {
    archive?.close();
  }
}

async function* itemsIn(path: string, contentOf: ContentOf): ImportStream {
  let opened: { readonly chat: ChatLine; readonly members: { person: string; role: Role }[] } | undefined;
  const seen = new Set<string>();
  let isComplete = false;
  let number = 0;
  for await (const bytes of linesOf(bytesOf(path))) {
    number++;
    const line = bytes === undefined ? undefined : readLine(bytes);
    if (line === undefined) {
      yield { type: 'problem', reason: 'a line that cannot be read is left out', where: `line ${number}` };
      continue;
    }
    if (line.type === 'chatMember') {
      opened?.members.push({ person: line.user_id, role: line.role });
      continue;
    }
    // The members of a chat follow it.
    if (opened !== undefined) yield chatOf(opened.chat, opened.members);
    opened = line.type === 'chat' ? { chat: line, members: [] } : undefined;
    if (line.type === 'member') yield* personOnce(line, seen, line.role);
    if (line.type === 'emoji')
      yield {
        type: 'emoji',
        key: line.name,
        picture: contentOf(line.file_id),
        creator: line.created_by,
        createdAtUs: line.created_at,
      };
    if (line.type === 'message') {
      yield* personOnce(line.sender, seen);
      yield* messageOf(line, contentOf);
    }
    isComplete = line.type === 'end';
  }
  if (opened !== undefined) yield chatOf(opened.chat, opened.members);
  if (!isComplete) yield { type: 'problem', reason: 'the export is incomplete: its last line is missing', where: path };
}

function readLine(bytes: Buffer): Line | undefined {
  try {
    return Line.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function* personOnce(
  { id, name, kind, avatar_url: avatarUrl, account_id: accountId }: z.infer<typeof person>,
  seen: Set<string>,
  role?: Role,
): Generator<ImportItem> {
  if (seen.has(id)) return;
  seen.add(id);
  // A placeholder that was claimed is the account that claimed it.
  const userId = accountId ?? id;
  yield { type: 'person', key: id, userId, name, kind, avatarUrl: avatarUrl ?? undefined, ...managing(role) };
}

const managing = (role: Role | undefined): { readonly role?: 'Owner' | 'Admin' } =>
  role === 'Owner' || role === 'Admin' ? { role } : {};

const chatOf = (chat: ChatLine, members: readonly { person: string; role: Role }[]): ImportItem => ({
  type: 'chat',
  key: chat.id,
  name: chat.name,
  chatType: chat.chat_type,
  topic: chat.topic ?? undefined,
  whoPosts: chat.who_posts,
  isArchived: chat.archived_at != null,
  archivedAtUs: chat.archived_at ?? undefined,
  createdAtUs: chat.created_at,
  members,
});

function* messageOf(line: MessageLine, contentOf: ContentOf): Generator<ImportItem> {
  const hidden = line.reactions.reduce((sum, { count, user_ids: ids }) => sum + Math.max(0, count - ids.length), 0);
  if (hidden > 0)
    yield {
      type: 'problem',
      reason: 'a reaction beyond the first ten of its kind is not in the export',
      where: line.id,
      count: hidden,
    };
  yield {
    type: 'message',
    chat: line.chat_id,
    key: line.id,
    atUs: line.created_at,
    sender: line.sender.id,
    text: piecesOf(line),
    thread: line.thread_id ?? undefined,
    quoted: line.quoted_id ?? undefined,
    editedAtUs: line.edited_at ?? undefined,
    isPinned: line.pinned_at != null,
    pinnedAtUs: line.pinned_at ?? undefined,
    reactions: line.reactions.map(({ emoji, user_ids: people }) => ({ emoji, people })),
    files: line.files.map(({ id, name, mime }) => ({ name, mime, content: contentOf(id) })),
    data: line.data ?? undefined,
  };
}

const NAMES = /<@([0-9a-f-]{36})>|<!everyone>/gi;

/** The text, with those whom the message did mention as pieces of their own. */
function piecesOf({ content, mentions }: MessageLine): TextPiece[] {
  if (mentions == null) return [content];
  const mentioned = new Set(mentions.user_ids);
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of content.matchAll(NAMES)) {
    const userId = match[1]?.toLowerCase();
    if (userId === undefined ? !mentions.everyone : !mentioned.has(userId)) continue;
    pieces.push(content.slice(end, match.index), userId === undefined ? { everyone: true } : { person: userId });
    end = match.index + match[0].length;
  }
  return [...pieces, content.slice(end)];
}
