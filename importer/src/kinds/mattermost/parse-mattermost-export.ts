import type { Role, UserKind } from '@fechatter/contract';
import { stat } from 'node:fs/promises';
import { nearestToTop } from '../../archive/nearest-to-top.ts';
import { type Archive, openArchive } from '../../archive/open-archive.ts';
import { contentIn } from '../../archive/content-in.ts';
import type { ImportedContent, ImportedMessage, ImportItem, ImportStream } from '../../stream.ts';
import { emojiNamed } from '../emoji-named.ts';
import { type Fields, fieldsOf, itemsOf, textIn, textsIn } from '../lenient.ts';
import { bytesOf, linesOf } from '../lines.ts';
import { lineIn, mattermostEmoji } from './mattermost-emoji.ts';
import { mattermostText } from './mattermost-text.ts';

/** A channel, until its members are known. */
interface Channel {
  readonly fields: Fields;
  readonly members: Map<string, Role>;
}

/**
 * Reads a bulk export of Mattermost: its JSON Lines, or the zip that has them. Posts have no ids there, so the number of
 * the line is a message's key.
 */
export async function* parseMattermostExport(path: string): ImportStream {
  const isArchive = path.endsWith('.zip') || (await stat(path)).isDirectory();
  const archive = isArchive ? await openArchive(path) : undefined;
  try {
    const name = archive === undefined ? '' : linesIn(archive);
    const contentAt = (file: string) => fileIn(archive, name, file);
    const lines = async () => (archive === undefined ? bytesOf(path) : archive.document(name));
    yield* mattermostEmoji(await lines(), contentAt);
    yield* itemsIn(new Reader(contentAt), await lines());
  } finally {
    archive?.close();
  }
}

/** Attachments are below `data/`, and can have any name. */
function linesIn({ names }: Archive): string {
  const name = nearestToTop(names.filter((inside) => inside.endsWith('.jsonl') && !/(^|\/)data\//.test(inside)));
  if (name === undefined) throw new Error('this is no bulk export of Mattermost: it has no file of JSON Lines');
  return name;
}

/** The paths of attachments have `data/` in some releases. */
function fileIn(archive: Archive | undefined, lines: string, path: string): ImportedContent | undefined {
  if (archive === undefined) return undefined;
  const base = lines.replace(/[^/]+$/, '');
  const name = [`${base}data/${path}`, `${base}${path}`].find((one) => archive.size(one) !== undefined);
  return name === undefined ? undefined : contentIn(archive, name);
}

async function* itemsIn(reader: Reader, source: AsyncIterable<Buffer>): ImportStream {
  let number = 0;
  for await (const bytes of linesOf(source)) {
    number++;
    const line = bytes === undefined ? undefined : lineIn(bytes);
    if (line === undefined)
      yield { type: 'problem', reason: 'a line that cannot be read is left out', where: `line ${number}` };
    else yield* reader.take(line, number);
  }
  yield* reader.channelsOnce();
}

class Reader {
  readonly #users = new Set<string>();
  readonly #channels = new Map<string, Channel>();
  readonly #direct = new Set<string>();
  readonly #contentAt: (path: string) => ImportedContent | undefined;
  #areChannelsOut = false;

  constructor(contentAt: (path: string) => ImportedContent | undefined) {
    this.#contentAt = contentAt;
  }

  *take(line: Fields, number: number): Generator<ImportItem> {
    const type = textIn(line, 'type') ?? '';
    const fields = fieldsOf(line[type]);
    if (type === 'channel') this.#channels.set(keyOf(fields), { fields, members: new Map() });
    else if (type === 'user' || type === 'bot') yield* this.#user(fields, type === 'bot' ? 'Bot' : 'Person');
    else if (type === 'direct_channel') yield* this.#directChannel(textsIn(fields, 'members'), fields);
    else if (type === 'post') {
      yield* this.channelsOnce();
      yield* this.#post(fields, `${textIn(fields, 'team') ?? ''}:${textIn(fields, 'channel') ?? ''}`, number);
    } else if (type === 'direct_post') {
      const members = textsIn(fields, 'channel_members');
      yield* this.#directChannel(members, {});
      yield* this.#post(fields, directKey(members), number);
    }
  }

  /** Users come behind the channels, and name those that they are in. */
  *channelsOnce(): Generator<ImportItem> {
    if (this.#areChannelsOut) return;
    this.#areChannelsOut = true;
    for (const [key, { fields, members }] of this.#channels)
      yield {
        type: 'chat',
        key,
        name: textIn(fields, 'display_name', 'name') ?? key,
        // What does not say that it is open is closed.
        chatType: fields.type === 'O' ? 'PublicChannel' : 'PrivateChannel',
        topic: textIn(fields, 'header', 'purpose'),
        members: [...members].map(([person, role]) => ({ person, role })),
        isArchived: typeof fields.deleted_at === 'number' && fields.deleted_at > 0,
      };
  }

  *#user(fields: Fields, kind: UserKind): Generator<ImportItem> {
    const key = textIn(fields, 'username')?.toLowerCase();
    if (key === undefined) return;
    this.#users.add(key);
    const names = [textIn(fields, 'first_name'), textIn(fields, 'last_name')].filter((name) => name !== undefined);
    const name = names.length > 0 ? names.join(' ') : (textIn(fields, 'nickname', 'display_name') ?? key);
    const isAdmin = [fields, ...itemsOf(fields.teams).map(fieldsOf)].some((one) =>
      /\b(system|team)_admin\b/.test(textIn(one, 'roles') ?? ''),
    );
    yield { type: 'person', key, name, kind, email: textIn(fields, 'email'), role: isAdmin ? 'Admin' : undefined };
    for (const team of itemsOf(fields.teams).map(fieldsOf))
      for (const channel of itemsOf(team.channels).map(fieldsOf)) {
        const role = textIn(channel, 'roles')?.includes('channel_admin') === true ? 'Admin' : 'Member';
        this.#channels.get(`${textIn(team, 'name') ?? ''}:${textIn(channel, 'name') ?? ''}`)?.members.set(key, role);
      }
  }

  *#directChannel(members: readonly string[], fields: Fields): Generator<ImportItem> {
    const key = directKey(members);
    if (members.length === 0 || this.#direct.has(key)) return;
    this.#direct.add(key);
    yield {
      type: 'chat',
      key,
      name: members.join(', '),
      chatType: members.length === 2 ? 'Single' : 'Group',
      topic: textIn(fields, 'header'),
      members: members.map((person) => ({ person: person.toLowerCase() })),
    };
  }

  *#post(fields: Fields, chat: string, number: number): Generator<ImportItem> {
    if (textIn(fields, 'type')?.startsWith('system_') === true) {
      yield {
        type: 'problem',
        reason: 'a message of the system (joins, headers …) is left out',
        where: `line ${number}`,
      };
      return;
    }
    const key = String(number);
    yield this.#message(fields, chat, key);
    for (const [at, reply] of itemsOf(fields.replies).entries())
      yield this.#message(fieldsOf(reply), chat, `${key}.${at + 1}`, key);
  }

  #message(fields: Fields, chat: string, key: string, thread?: string): ImportedMessage {
    return {
      type: 'message',
      chat,
      key,
      atUs: timeIn(fields, 'create_at') ?? Number.NaN,
      sender: textIn(fields, 'user')?.toLowerCase() ?? 'unknown',
      text: mattermostText(textIn(fields, 'message') ?? '', (name) => this.#users.has(name)),
      thread,
      editedAtUs: timeIn(fields, 'edit_at'),
      isPinned: fields.is_pinned === true,
      reactions: reactionsOf(fields),
      files: itemsOf(fields.attachments).map((file) => {
        const path = textIn(fieldsOf(file), 'path');
        const content = path === undefined ? undefined : this.#contentAt(path.normalize('NFC'));
        return { name: path?.split('/').at(-1) ?? 'file', content };
      }),
    };
  }
}

const keyOf = (fields: Fields): string => `${textIn(fields, 'team') ?? ''}:${textIn(fields, 'name') ?? ''}`;
const directKey = (members: readonly string[]): string =>
  `direct:${members
    .map((one) => one.toLowerCase())
    .toSorted()
    .join(',')}`;

/** Milliseconds; 0 is none. */
function timeIn(fields: Fields, name: string): number | undefined {
  const ms = fields[name];
  return typeof ms === 'number' && Number.isSafeInteger(ms) && ms > 0 ? ms * 1_000 : undefined;
}

/** By kind, in the order of their first use. */
function reactionsOf(fields: Fields) {
  const kinds = new Map<string, string[]>();
  for (const reaction of itemsOf(fields.reactions).map(fieldsOf)) {
    const [name, user] = [textIn(reaction, 'emoji_name'), textIn(reaction, 'user')?.toLowerCase()];
    if (name !== undefined && user !== undefined) kinds.set(name, [...(kinds.get(name) ?? []), user]);
  }
  return [...kinds].map(([name, people]) => ({ emoji: emojiNamed(name), people }));
}
