import { jsonElements } from '../../archive/json-elements.ts';
import { nearestToTop } from '../../archive/nearest-to-top.ts';
import { openArchive } from '../../archive/open-archive.ts';
import type { ImportItem, ImportStream, TextPiece } from '../../stream.ts';
import { type Fields, fieldsOf, textIn } from '../lenient.ts';
import { SeenMessages } from './seen-messages.ts';
import { zulipEmoji } from './zulip-emoji.ts';
import { type FilesOf, zulipFiles } from './zulip-files.ts';
import { idIn } from './zulip-json.ts';
import { type ZulipRealm, zulipRealm } from './zulip-realm.ts';
import { withoutUploads, zulipText } from './zulip-text.ts';

const [PERSONAL, STREAM] = [1, 2];
const ROLES: Readonly<Record<string, 'Owner' | 'Admin'>> = { 100: 'Owner', 200: 'Admin' };

/**
 * Reads the export of a Zulip organisation, unpacked. A topic becomes a thread below its first message, which shows the
 * topic's name.
 */
export async function* parseZulipExport(path: string): ImportStream {
  const archive = await openArchive(path);
  try {
    // The one nearest to the top: what people uploaded is below it, and can have any name.
    const realmFile = nearestToTop(archive.names.filter((name) => /(^|\/)realm\.json$/.test(name)));
    if (realmFile === undefined) throw new Error('this is no unpacked export of Zulip: it has no realm.json');
    const realm = await zulipRealm(archive, realmFile);
    const reader = new Reader(realm, await zulipFiles(archive, realmFile));
    yield* reader.people();
    yield* zulipEmoji(archive, realmFile, realm.emoji);
    const base = realmFile.slice(0, -'realm.json'.length);
    const messageFiles = archive.names.filter(
      (name) => name.startsWith(base) && /^messages-\d+\.json$/.test(name.slice(base.length)),
    );
    const seen = new SeenMessages(reader.closedHistories());
    if (seen.isNeeded) for (const name of messageFiles) await seen.add(archive, name);
    yield* reader.channels(seen);
    for (const name of messageFiles)
      for await (const { list, value } of jsonElements(archive, name, 'lists'))
        if (list === 'zerver_message') yield* reader.message(fieldsOf(value));
  } finally {
    archive.close();
  }
}

/** Seconds with a fraction. */
const timeIn = (fields: Fields, name: string): number | undefined =>
  typeof fields[name] === 'number' && fields[name] > 0 ? Math.round(fields[name] * 1_000_000) : undefined;

class Reader {
  readonly #realm: ZulipRealm;
  readonly #filesOf: FilesOf;
  readonly #names = new Map<string, string>();
  readonly #chats = new Set<string>();
  /** The first message of each topic. */
  readonly #topics = new Map<string, string>();

  constructor(realm: ZulipRealm, filesOf: FilesOf) {
    this.#realm = realm;
    this.#filesOf = filesOf;
  }

  *people(): Generator<ImportItem> {
    for (const user of this.#realm.users) {
      const key = idIn(user, 'id');
      if (key === undefined) continue;
      const name = textIn(user, 'full_name', 'email') ?? key;
      this.#names.set(name, key);
      const kind = user.is_bot === true ? 'Bot' : 'Person';
      const role = ROLES[String(user.role)];
      yield { type: 'person', key, name, kind, email: textIn(user, 'delivery_email', 'email'), role };
    }
  }

  /** The recipients that are private channels whose history is hidden from who subscribes later. */
  closedHistories(): ReadonlySet<string> {
    const { recipients, streams } = this.#realm;
    const closed = [...recipients].filter(([, { type, of }]) => {
      const stream = type === STREAM ? streams.get(of) : undefined;
      return stream !== undefined && stream.invite_only !== false && stream.history_public_to_subscribers !== true;
    });
    return new Set(closed.map(([id]) => id));
  }

  *channels(seen: SeenMessages): Generator<ImportItem> {
    const { recipients, streams, reactions, members: subscribers } = this.#realm;
    if (reactions.left > 0)
      yield {
        type: 'problem',
        reason: 'a reaction beyond the first four million is left out',
        where: 'all',
        count: reactions.left,
      };
    for (const [id, { type, of }] of recipients) {
      // Groups have ids of their own, which may be those of streams.
      const stream = type === STREAM ? streams.get(of) : undefined;
      if (type === PERSONAL || (type === STREAM && stream === undefined)) continue;
      const subscribed = subscribers.get(id) ?? [];
      const members = subscribed.filter((person) => seen.all(id, person));
      if (members.length < subscribed.length)
        yield {
          type: 'problem',
          reason: 'a subscriber who could not see all of a private channel with hidden history is not made a member',
          where: id,
          count: subscribed.length - members.length,
        };
      this.#chats.add(id);
      yield {
        type: 'chat',
        key: id,
        name: type === STREAM ? (textIn(stream ?? {}, 'name') ?? id) : 'group',
        // What does not say that it is open is closed.
        chatType: type !== STREAM ? 'Group' : stream?.invite_only === false ? 'PublicChannel' : 'PrivateChannel',
        topic: textIn(stream ?? {}, 'description'),
        isArchived: stream?.deactivated === true,
        createdAtUs: stream === undefined ? undefined : timeIn(stream, 'date_created'),
        members: members.map((person) => ({ person })),
      };
    }
  }

  *message(fields: Fields): Generator<ImportItem> {
    const [id, sender, recipientId] = ['id', 'sender', 'recipient'].map((name) => idIn(fields, name));
    const recipient = this.#realm.recipients.get(recipientId ?? '');
    if (id === undefined || sender === undefined || recipientId === undefined || recipient === undefined) {
      yield { type: 'problem', reason: 'a message without a sender or recipient is left out', where: id ?? 'no id' };
      return;
    }
    let chat = recipientId;
    if (recipient.type === PERSONAL) {
      const pair = [...new Set([sender, recipient.of])].sort();
      chat = `direct:${pair.join(',')}`;
      if (!this.#chats.has(chat)) {
        this.#chats.add(chat);
        yield {
          type: 'chat',
          key: chat,
          name: 'direct',
          chatType: 'Single',
          members: pair.map((person) => ({ person })),
        };
      }
    }
    const text = zulipText(
      withoutUploads(textIn(fields, 'content') ?? ''),
      (name, key) => key ?? this.#names.get(name),
    );
    const topic = recipient.type === STREAM ? textIn(fields, 'subject') : undefined;
    const first = topic === undefined ? undefined : this.#topics.get(`${chat} ${topic}`);
    if (topic !== undefined && first === undefined) this.#topics.set(`${chat} ${topic}`, id);
    const heading: TextPiece[] = topic !== undefined && first === undefined ? [`**${topic}**\n`] : [];
    yield {
      type: 'message',
      chat,
      key: id,
      atUs: timeIn(fields, 'date_sent') ?? Number.NaN,
      sender,
      text: [...heading, ...text],
      thread: first,
      editedAtUs: timeIn(fields, 'last_edit_time'),
      files: this.#filesOf(id),
      reactions: this.#realm.reactions.of(Number(id)),
    };
  }
}
