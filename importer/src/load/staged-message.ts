import { limits } from '@fechatter/contract';
import { sealedText } from '@fechatter/drizzle';
import type { ImportedMessage, ImportedReaction, TextPiece } from '../stream.ts';
import type { OpenChat } from './chats.ts';
import type { CustomEmoji } from './custom-emoji.ts';
import { reactionNamed } from './emoji-name.ts';
import type { ImportRun } from './import-deps.ts';
import { hashedId, idAt } from './made-ids.ts';
import type { MessageFiles } from './message-files.ts';
import type { People } from './people.ts';
import type { StagedMessage } from './stage.ts';
import { isTime, storableTime } from './storable-time.ts';
import { isVisible, partsOf, storable } from './tidy-text.ts';

/** What messages refer to. */
interface Known {
  readonly people: People;
  readonly files: MessageFiles;
  readonly emoji: CustomEmoji;
}

/** The rows of a message: one, or several if its text is longer than a message can be. None: it cannot come. */
export async function stagedMessages(
  run: ImportRun,
  known: Known,
  chat: OpenChat,
  message: ImportedMessage,
): Promise<readonly StagedMessage[]> {
  const { people, files } = known;
  const { problems, cipher } = run;
  const where = `${message.chat} ${message.key}`;
  if (!isTime(message.atUs)) {
    problems.add('a message without a time is left out', where);
    return [];
  }
  const sender = await people.of(message.sender, message.senderName, message.senderKind);
  const keyOf = (key: string) => hashedId(chat.id, key);
  const plain = {
    chatId: chat.id,
    atUs: message.atUs,
    senderId: sender.id,
    editedAtUs: storableTime(message.editedAtUs) ?? null,
    pinnedAtUs: null,
    threadKey: message.thread === undefined ? null : keyOf(message.thread),
    quotedKey: null,
    mentions: null,
    reactions: [],
    hasFiles: false,
  };
  const first = {
    key: keyOf(message.key),
    id: idAt(message.atUs / 1_000, chat.id, message.key),
    clientId: hashedId('client', chat.id, message.key),
  };
  if (message.isDeleted === true || sender.isErased) return [{ ...plain, ...first, editedAtUs: null, body: null }];

  const missing = await files.add(chat, message, { messageId: first.id, senderId: sender.id });
  const hasFiles = missing.length < (message.files?.length ?? 0);
  const text = await shownText(known, chat, message, missing);
  if (!isVisible(text) && !hasFiles) {
    problems.add('a message without text is left out', where);
    return [];
  }
  const [content = '', ...more] = partsOf(text).filter(isVisible);
  if (more.length > 0) problems.add('a long message is split', where);
  const data = message.data === undefined || message.data.length > limits.dataMaxChars ? null : storable(message.data);
  const head: StagedMessage = {
    ...plain,
    ...first,
    hasFiles,
    body: cipher.seal(chat.id, first.id, sealedText({ content, data })),
    pinnedAtUs: message.isPinned === true ? (storableTime(message.pinnedAtUs) ?? message.atUs) : null,
    quotedKey: message.quoted === undefined ? null : keyOf(message.quoted),
    mentions: await mentionsIn(people, chat, sender.id, message.text),
    reactions: await reactionsOf(run, people, message.reactions ?? [], where),
  };
  return [
    head,
    ...more.map((part, at) => {
      const key = `${message.key}\0${at + 2}`;
      const id = idAt(message.atUs / 1_000, chat.id, key);
      const clientId = hashedId('client', chat.id, key);
      return { ...plain, key: keyOf(key), id, clientId, body: cipher.seal(chat.id, id, part) };
    }),
  ];
}

/** A mention of a member of the chat mentions them; other people are named. */
async function shownText(
  { people, emoji }: Known,
  chat: OpenChat,
  { text }: ImportedMessage,
  missingFiles: readonly string[],
): Promise<string> {
  let shown = '';
  for (const piece of text)
    shown += typeof piece === 'string' ? emoji.named(storable(piece)) : await shownMention(people, chat, piece);
  // That files were there which do not come is a part of the conversation.
  if (!isVisible(shown)) shown = missingFiles.map((name) => `[${name}]`).join(' ');
  return shown;
}

async function shownMention(people: People, chat: OpenChat, piece: Exclude<TextPiece, string>): Promise<string> {
  if ('everyone' in piece) return mentionsEveryone(chat) ? '<!everyone>' : '@everyone';
  const { id, name } = await people.of(piece.person);
  return chat.members.has(id) ? `<@${id}>` : `@${name}`;
}

/** In larger chats only some people mention everyone, and it is not known who could at that time. */
const mentionsEveryone = (chat: OpenChat): boolean => chat.members.size <= limits.everyoneMembersMax;

async function mentionsIn(people: People, chat: OpenChat, senderId: string, text: readonly TextPiece[]) {
  const userIds = new Set<string>();
  let everyone = false;
  for (const piece of text) {
    if (typeof piece === 'string') continue;
    if ('everyone' in piece) everyone ||= mentionsEveryone(chat);
    else userIds.add((await people.of(piece.person)).id);
  }
  const named = [...userIds].filter((id) => id !== senderId && chat.members.has(id)).slice(0, limits.mentionsMax);
  return everyone || named.length > 0 ? { userIds: named, everyone } : null;
}

async function reactionsOf(
  { problems }: ImportRun,
  people: People,
  given: readonly ImportedReaction[],
  where: string,
): Promise<StagedMessage['reactions']> {
  const kinds = new Map<string, Set<string>>();
  for (const { emoji, people: keys } of given) {
    const known = reactionNamed(emoji);
    if (known === undefined) {
      problems.add('a reaction that can be no emoji here is left out', `${where} ${emoji}`, Math.max(1, keys.length));
      continue;
    }
    if (!kinds.has(known) && kinds.size === limits.reactionKindsMax) {
      problems.add(`more than ${limits.reactionKindsMax} kinds of reactions: the others are left out`, where);
      continue;
    }
    const userIds = kinds.get(known) ?? new Set<string>();
    for (const key of keys) userIds.add((await people.of(key)).id);
    if (userIds.size > 0) kinds.set(known, userIds);
  }
  return [...kinds].map(([emoji, userIds]) => ({ emoji, userIds: [...userIds] }));
}
