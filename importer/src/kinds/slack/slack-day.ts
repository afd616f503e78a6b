import { createHash } from 'node:crypto';
import { jsonElements } from '../../archive/json-elements.ts';
import type { Archive } from '../../archive/open-archive.ts';
import type { ImportedMessage, ImportItem } from '../../stream.ts';
import { fieldsOf } from '../lenient.ts';
import { type SlackChannel, slackMessage } from './slack-message.ts';

/** Far more than a day of one channel. What tells apart its messages is in memory. */
const DAY_MAX_BYTES = 67_108_864;

const LEFT_OUT = {
  system: 'a message of the system (joins, topics …) is left out',
  'no time': 'a message without a time is left out',
} as const;

/** The messages of one day of a channel, which have a file of their own. */
export async function* slackDay(
  archive: Archive,
  { name, where }: { readonly name: string; readonly where: string },
  channel: SlackChannel,
  isNewUnknown: (personId: string) => boolean,
): AsyncGenerator<ImportItem> {
  if ((archive.size(name) ?? 0) > DAY_MAX_BYTES) {
    yield { type: 'problem', reason: 'a file that cannot be read is left out', where: `${where}: it is too large` };
    return;
  }
  const same = new SameTimes();
  let at = 0;
  try {
    for await (const { value } of jsonElements(archive, name, 'list'))
      yield* itemsOf(value, `${where} #${at++}`, { channel, where, same, isNewUnknown });
  } catch (error) {
    const reason =
      at === 0 ? 'a file that cannot be read is left out' : 'the rest of a file that cannot be read is left out';
    yield { type: 'problem', reason, where: `${where}: ${String(error)}` };
  }
}

interface Day {
  readonly channel: SlackChannel;
  readonly where: string;
  readonly same: SameTimes;
  readonly isNewUnknown: (personId: string) => boolean;
}

function* itemsOf(value: unknown, place: string, { channel, where, same, isNewUnknown }: Day): Generator<ImportItem> {
  const fields = fieldsOf(value);
  const message = slackMessage(fields, channel);
  if (typeof message === 'string') {
    yield { type: 'problem', reason: LEFT_OUT[message], where: place };
    return;
  }
  if (isNewUnknown(message.sender))
    yield {
      type: 'problem',
      reason: 'a person is not in users.json, and is named as far as is known',
      where: message.sender,
    };
  if (fields.subtype === 'thread_broadcast')
    yield {
      type: 'problem',
      reason: 'a reply that was also sent to the channel is in its thread only',
      where: `${where} ${message.key}`,
    };
  yield { ...message, key: same.keyOf(message) };
}

/** Messages with one `ts` are in one day's file. The same one twice is one; others that share it are told apart. */
class SameTimes {
  /** Hashes of the contents with a `ts`, one behind the other. */
  readonly #contents = new Map<string, string>();

  keyOf({ key, sender, text }: ImportedMessage): string {
    const content = createHash('sha256')
      .update(JSON.stringify([sender, text]))
      .digest('base64');
    const known = this.#contents.get(key) ?? '';
    const at = known.indexOf(content);
    if (at < 0) this.#contents.set(key, known + content);
    const place = (at < 0 ? known.length : at) / content.length;
    return place === 0 ? key : `${key}~${place + 1}`;
  }
}
