import type { ChatType } from '@fechatter/contract';
import { type Archive, openArchive } from '../../archive/open-archive.ts';
import type { ImportItem, ImportStream } from '../../stream.ts';
import { type Fields, fieldsOf, itemsOf, textIn, textsIn } from '../lenient.ts';
import type { ParserOptions } from '../kinds.ts';
import { slackPerson } from './slack-person.ts';
import { slackEmoji } from './slack-emoji.ts';
import { slackFiles } from './slack-files.ts';
import { slackDay } from './slack-day.ts';
import { type SlackChannel, slackTime } from './slack-message.ts';

/** Far more than the lists of people and channels of the largest workspace. */
const LIST_MAX_BYTES = 67_108_864;

const LISTS: readonly { readonly file: string; readonly chatType: ChatType }[] = [
  { file: 'channels.json', chatType: 'PublicChannel' },
  { file: 'groups.json', chatType: 'PrivateChannel' },
  { file: 'mpims.json', chatType: 'Group' },
  { file: 'dms.json', chatType: 'Single' },
];

/** A channel of the export, and the folder of its days. */
interface Listed extends SlackChannel {
  readonly folder: string;
}

/** Reads an export of a Slack workspace: the zip that Slack gives, or its unpacked folder. */
export async function* parseSlackExport(
  path: string,
  { download }: Pick<ParserOptions, 'download'> = {},
): ImportStream {
  const archive = await openArchive(path);
  try {
    const base = baseOf(archive.names);
    const users = await list(archive, `${base}users.json`);
    const names = new Map<string, string>();
    for (const user of users) {
      const { item, id, name } = slackPerson(user);
      if (id === undefined) continue;
      names.set(id, name);
      yield item;
    }
    const emojiFile = `${base}emoji.json`;
    if (archive.names.includes(emojiFile))
      yield* slackEmoji(await json(archive, emojiFile), archive, { base, download });
    const fileOf = slackFiles(archive, download);
    const channels: Listed[] = [];
    const channelNames = new Map<string, string>();
    for (const { file, chatType } of LISTS)
      for (const fields of await list(archive, base + file)) {
        const id = textIn(fields, 'id');
        if (id === undefined) {
          yield { type: 'problem', reason: 'a channel without an id is left out', where: file };
          continue;
        }
        const name = textIn(fields, 'name');
        if (name !== undefined) channelNames.set(id, name);
        yield chatOf(fields, id, chatType, names);
        const folder = (chatType === 'Single' ? id : (name ?? id)).normalize('NFC');
        channels.push({
          key: id,
          folder,
          pins: pinsOf(fields),
          channelName: (channel) => channelNames.get(channel),
          fileOf,
        });
      }
    yield* messagesOf(archive, base, channels, names);
  } finally {
    archive.close();
  }
}

/** Some archives have everything in one folder. */
function baseOf(names: readonly string[]): string {
  const found = names.filter((name) => /(^|\/)(channels|users|dms|groups)\.json$/.test(name));
  const shortest = found.toSorted((a, b) => a.length - b.length)[0];
  if (shortest === undefined) throw new Error('this is no export of Slack: it has no channels.json or users.json');
  return shortest.slice(0, shortest.lastIndexOf('/') + 1);
}

const json = async (archive: Archive, name: string): Promise<unknown> =>
  JSON.parse((await archive.read(name, LIST_MAX_BYTES)).toString('utf8'));

async function list(archive: Archive, name: string): Promise<readonly Fields[]> {
  if (!archive.names.includes(name)) return [];
  return itemsOf(await json(archive, name)).map(fieldsOf);
}

function chatOf(fields: Fields, id: string, chatType: ChatType, names: ReadonlyMap<string, string>): ImportItem {
  const creator = textIn(fields, 'creator');
  const members = textsIn(fields, 'members');
  const created = fields.created;
  const isGroup = chatType === 'Group' || chatType === 'Single';
  return {
    type: 'chat',
    key: id,
    name: isGroup ? members.map((member) => names.get(member) ?? member).join(', ') : (textIn(fields, 'name') ?? id),
    chatType,
    topic: textIn(fieldsOf(fields.topic), 'value') ?? textIn(fieldsOf(fields.purpose), 'value'),
    members: members.map((person) => ({ person, role: person === creator ? 'Owner' : 'Member' })),
    creator,
    isArchived: fields.is_archived === true,
    createdAtUs: typeof created === 'number' && created > 0 ? Math.round(created) * 1_000_000 : undefined,
  };
}

function pinsOf(fields: Fields): ReadonlyMap<string, number | undefined> {
  return new Map(
    itemsOf(fields.pins).flatMap((value) => {
      const pin = fieldsOf(value);
      const id = textIn(pin, 'id');
      const at = typeof pin.created === 'number' ? slackTime(String(pin.created)) : undefined;
      return id === undefined ? [] : [[id, at] as const];
    }),
  );
}

async function* messagesOf(
  archive: Archive,
  base: string,
  channels: readonly Listed[],
  names: ReadonlyMap<string, string>,
): AsyncGenerator<ImportItem> {
  const byFolder = new Map(channels.map((channel) => [channel.folder, channel]));
  const unknown = new Set<string>();
  for (const name of archive.names) {
    if (!name.startsWith(base) || !name.endsWith('.json')) continue;
    const inside = name.slice(base.length);
    const slash = inside.lastIndexOf('/');
    if (slash < 0) continue;
    const channel = byFolder.get(inside.slice(0, slash));
    if (channel === undefined) {
      yield { type: 'problem', reason: 'a file of no known channel is left out', where: inside };
      continue;
    }
    yield* slackDay(archive, { name, where: inside }, channel, (id) => {
      if (names.has(id) || unknown.has(id) || id.startsWith('bot:') || id === 'USLACKBOT') return false;
      unknown.add(id);
      return true;
    });
  }
}
