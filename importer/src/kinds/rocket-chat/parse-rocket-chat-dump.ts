import type { ChatType, Role } from '@fechatter/contract';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportedContent, ImportedMember, ImportedMessage, ImportItem, ImportStream } from '../../stream.ts';
import { emojiNamed } from '../emoji-named.ts';
import { type Fields, fieldsOf, itemsOf, textIn, textsIn } from '../lenient.ts';
import { mattermostText } from '../mattermost/mattermost-text.ts';
import { documentsOf } from './bson-documents.ts';
import { rocketChatFiles } from './rocket-chat-files.ts';

/** Livechats of visitors are no chats of members. */
const TYPES: Readonly<Record<string, ChatType>> = { c: 'PublicChannel', p: 'PrivateChannel', d: 'Single' };

/** Reads the folder of a mongodump of Rocket.Chat's database, plain or with --gzip. */
export async function* parseRocketChatDump(path: string): ImportStream {
  const files = await dumped(path);
  const users = new Set<string>();
  for await (const user of read(files, 'users')) {
    const key = textIn(user, 'username')?.toLowerCase();
    if (key === undefined) continue;
    users.add(key);
    const isBot = user.type === 'bot' || textsIn(user, 'roles').includes('bot');
    yield {
      type: 'person',
      key,
      name: textIn(user, 'name') ?? key,
      kind: isBot ? 'Bot' : 'Person',
      email: emailOf(user),
      role: textsIn(user, 'roles').includes('admin') ? 'Admin' : undefined,
    };
  }
  yield* emojiIn(files);
  const members = await membersOf(files);
  for await (const room of read(files, 'rocketchat_room')) yield* chatOf(room, members);
  const contentOf = await rocketChatFiles(files);
  for await (const message of read(files, 'rocketchat_message'))
    yield messageOf(message, { isUser: (name) => users.has(name), contentOf });
}

/** With their other names. */
async function* emojiIn(files: Files): ImportStream {
  const pictureOf = await rocketChatFiles(files, 'custom_emoji');
  for await (const emoji of read(files, 'rocketchat_custom_emoji')) {
    const name = textIn(emoji, 'name');
    if (name === undefined) continue;
    const picture = pictureOf(encodeURIComponent(`${name}.${textIn(emoji, 'extension') ?? ''}`));
    for (const key of [name, ...textsIn(emoji, 'aliases')]) yield { type: 'emoji', key, picture };
  }
}

/** An address that its person has not verified there may be anybody's. */
const emailOf = (user: Fields): string | undefined =>
  itemsOf(user.emails)
    .map(fieldsOf)
    .filter(({ verified }) => verified === true)
    .map((one) => textIn(one, 'address'))[0];

export type Files = ReadonlyMap<string, string>;

/** The collections, by name, wherever they are in the folder. */
async function dumped(path: string): Promise<Files> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = new Map<string, string>();
  for (const entry of entries) {
    // No link: it may lead anywhere.
    if (!entry.isFile()) continue;
    const { name, parentPath } = entry;
    const collection = /^(.*)\.bson(\.gz)?$/.exec(name)?.[1];
    if (collection !== undefined) files.set(collection, join(parentPath, name));
  }
  if (!files.has('rocketchat_message'))
    throw new Error('this is no dump of Rocket.Chat: it has no rocketchat_message.bson');
  return files;
}

async function* read(files: Files, collection: string): AsyncGenerator<Fields> {
  const path = files.get(collection);
  if (path !== undefined) for await (const document of documentsOf(path)) yield document ?? {};
}

async function membersOf(files: Files): Promise<ReadonlyMap<string, readonly ImportedMember[]>> {
  const members = new Map<string, ImportedMember[]>();
  for await (const subscription of read(files, 'rocketchat_subscription')) {
    const [room, person] = [textIn(subscription, 'rid'), userIn(subscription)];
    if (room === undefined || person === undefined) continue;
    const member = { person, role: roleOf(textsIn(subscription, 'roles')) };
    const known = members.get(room);
    if (known === undefined) members.set(room, [member]);
    else known.push(member);
  }
  return members;
}

const roleOf = (roles: readonly string[]): Role =>
  roles.includes('owner') ? 'Owner' : roles.includes('moderator') ? 'Admin' : 'Member';
/** People are known by their user names: those of deleted accounts stay in their messages. */
const userIn = (fields: Fields): string | undefined => textIn(fieldsOf(fields.u), 'username', '_id')?.toLowerCase();
const timeIn = (fields: Fields, name: string): number | undefined =>
  fields[name] instanceof Date ? fields[name].getTime() * 1_000 : undefined;

function* chatOf(room: Fields, members: ReadonlyMap<string, readonly ImportedMember[]>): Generator<ImportItem> {
  const key = textIn(room, '_id');
  const type = TYPES[textIn(room, 't') ?? ''];
  if (key === undefined || type === undefined) {
    yield {
      type: 'problem',
      reason: 'a room that is no channel, group or direct chat is left out',
      where: key ?? 'no id',
    };
    return;
  }
  const people = members.get(key) ?? [];
  yield {
    type: 'chat',
    key,
    name: textIn(room, 'fname', 'name') ?? people.map(({ person }) => person).join(', '),
    chatType: type === 'Single' && people.length !== 2 ? 'Group' : type,
    topic: textIn(room, 'topic', 'description'),
    members: people,
    creator: userIn(room),
    whoPosts: room.ro === true ? 'Admins' : 'All',
    isArchived: room.archived === true,
    createdAtUs: timeIn(room, 'ts'),
  };
}

/** What messages refer to. */
interface Known {
  readonly isUser: (name: string) => boolean;
  readonly contentOf: (fileId: string) => ImportedContent | undefined;
}

function messageOf(fields: Fields, known: Known): ImportItem {
  const [chat, key, type] = ['rid', '_id', 't'].map((name) => textIn(fields, name));
  const where = `${chat ?? ''} ${key ?? ''}`;
  if (chat === undefined || key === undefined)
    return { type: 'problem', reason: 'a message without an id or room is left out', where };
  if (type === 'e2e') return { type: 'problem', reason: 'an encrypted message is left out', where };
  if (fields._hidden === true) return { type: 'problem', reason: 'an old version of a message is left out', where };
  if (type !== undefined && type !== 'rm')
    return { type: 'problem', reason: 'a message of the system (joins, topics …) is left out', where };
  return shown(fields, { chat, key, isDeleted: type === 'rm' }, known);
}

function shown(
  fields: Fields,
  about: Pick<ImportedMessage, 'chat' | 'key' | 'isDeleted'>,
  { isUser, contentOf }: Known,
): ImportedMessage {
  const files = itemsOf(fields.files);
  return {
    type: 'message',
    ...about,
    atUs: timeIn(fields, 'ts') ?? Number.NaN,
    sender: userIn(fields) ?? 'unknown',
    senderName: textIn(fields, 'alias') ?? textIn(fieldsOf(fields.u), 'name', 'username'),
    text: mattermostText(textIn(fields, 'msg') ?? attached(fields), isUser),
    thread: textIn(fields, 'tmid'),
    editedAtUs: timeIn(fields, 'editedAt'),
    isPinned: fields.pinned === true,
    pinnedAtUs: timeIn(fields, 'pinnedAt'),
    reactions: Object.entries(fieldsOf(fields.reactions)).map(([name, reaction]) => ({
      emoji: emojiNamed(name.replaceAll(':', '')),
      people: textsIn(fieldsOf(reaction), 'usernames').map((one) => one.toLowerCase()),
    })),
    files: (files.length > 0 ? files : itemsOf([fields.file]).filter((file) => file !== undefined))
      .map(fieldsOf)
      // Thumbnails are made anew.
      .filter(({ typeGroup }) => typeGroup !== 'thumb')
      .map((file) => ({
        name: textIn(file, 'name') ?? 'file',
        mime: textIn(file, 'type'),
        content: contentOf(textIn(file, '_id') ?? ''),
      })),
  };
}

/** Bots often say everything in attachments; that of a file describes it. */
const attached = (fields: Fields): string =>
  itemsOf(fields.attachments)
    .map(fieldsOf)
    .flatMap((attachment) => textIn(attachment, 'text', 'description') ?? [])
    .join('\n');
