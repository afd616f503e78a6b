import type { ImportedFile, ImportedMessage, ImportedReaction } from '../../stream.ts';
import { emojiNamed } from '../emoji-named.ts';
import { type Fields, fieldsOf, itemsOf, textIn, textsIn } from '../lenient.ts';
import { type SlackNames, slackText } from './slack-text.ts';

/** What is known of the channel of a message. */
export interface SlackChannel extends SlackNames {
  readonly key: string;
  /** When its messages were pinned, by their `ts`, in microseconds; undefined: unknown. */
  readonly pins: ReadonlyMap<string, number | undefined>;
  readonly fileOf: (file: Fields) => ImportedFile;
}

/** A person joined, left or changed the channel: no message that a person wrote. */
const SYSTEM =
  /^(?:(?:channel|group|mpim)_(?:join|leave|topic|purpose|name|archive|unarchive|posting_permissions|convert_to_private|convert_to_public|canvas_updated)|pinned_item|unpinned_item|bot_add|bot_remove|bot_enable|bot_disable|reminder_add|reminder_delete|huddle_thread|sh_room_created|app_conversation_join|joiner_notification.*)$/;

export type ReadMessage = ImportedMessage | 'system' | 'no time';

/** One message of a day's file. */
export function slackMessage(fields: Fields, channel: SlackChannel): ReadMessage {
  const subtype = textIn(fields, 'subtype') ?? '';
  if (SYSTEM.test(subtype)) return 'system';
  const ts = textIn(fields, 'ts');
  const atUs = ts === undefined ? undefined : slackTime(ts);
  if (ts === undefined || atUs === undefined) return 'no time';
  const threadTs = textIn(fields, 'thread_ts');
  const edited = textIn(fieldsOf(fields.edited), 'ts');
  const isMe = subtype === 'me_message';
  const text = slackText(shownText(fields), channel);
  const isPinned = channel.pins.has(ts) || textsIn(fields, 'pinned_to').includes(channel.key);
  return {
    type: 'message',
    chat: channel.key,
    key: ts,
    atUs,
    ...senderOf(fields),
    text: isMe ? ['_', ...text, '_'] : text,
    thread: threadTs === undefined || threadTs === ts ? undefined : threadTs,
    editedAtUs: edited === undefined ? undefined : slackTime(edited),
    isDeleted: subtype === 'tombstone',
    isPinned,
    pinnedAtUs: channel.pins.get(ts),
    reactions: reactionsOf(fields),
    files: itemsOf(fields.files).map((file) => channel.fileOf(fieldsOf(file))),
  };
}

/** `1700000000.000100` in microseconds; undefined for anything else. The text stays the message's identity. */
export function slackTime(ts: string): number | undefined {
  const [, seconds, fraction = ''] = /^(\d{1,11})(?:\.(\d{1,6}))?$/.exec(ts) ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000_000 + Number(fraction.padEnd(6, '0'));
}

/** Who wrote it: a person, or a bot or webhook under the name that it gave itself. */
function senderOf(fields: Fields): Pick<ImportedMessage, 'sender' | 'senderName' | 'senderKind'> {
  const user = textIn(fields, 'user');
  const profile = fieldsOf(fields.user_profile);
  if (user === 'USLACKBOT') return { sender: user, senderName: 'Slackbot', senderKind: 'Bot' };
  if (user !== undefined)
    return {
      sender: user,
      senderName: textIn(profile, 'real_name', 'display_name', 'name') ?? textIn(fields, 'username'),
    };
  const botName = textIn(fields, 'username') ?? textIn(fieldsOf(fields.bot_profile), 'name') ?? 'Bot';
  return { sender: `bot:${textIn(fields, 'bot_id') ?? botName}`, senderName: botName, senderKind: 'Bot' };
}

/** Bots often say everything in attachments. */
function shownText(fields: Fields): string {
  const text = textIn(fields, 'text');
  if (text !== undefined) return text;
  const attached = itemsOf(fields.attachments).map((value) => {
    const attachment = fieldsOf(value);
    const parts = ['pretext', 'title', 'text'].flatMap((name) => textIn(attachment, name) ?? []);
    return parts.length > 0 ? parts.join('\n') : (textIn(attachment, 'fallback') ?? '');
  });
  return attached.filter((one) => one !== '').join('\n');
}

function reactionsOf(fields: Fields): ImportedReaction[] {
  return itemsOf(fields.reactions).flatMap((value) => {
    const reaction = fieldsOf(value);
    const name = textIn(reaction, 'name');
    return name === undefined ? [] : [{ emoji: emojiNamed(name), people: textsIn(reaction, 'users') }];
  });
}
