import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A person of a made-up export, with the address by which they are recognised. */
export interface TalkingPerson {
  readonly name: string;
  readonly email: string;
}

export interface SlackTalk {
  readonly people: readonly TalkingPerson[];
  readonly channels: number;
  /** In each channel. */
  readonly messages: number;
}

const MESSAGES_A_DAY = 1_000;
const DAY_SECONDS = 86_400;
const FROM_SECONDS = 1_600_000_000;
const WORDS = 'we the plan ship old garden river seven maybe later fine look tree paper north quiet'.split(' ');

/** How many messages and reactions a talk has. */
export function sizeOf({ channels, messages }: Pick<SlackTalk, 'channels' | 'messages'>) {
  const numbers = Array.from({ length: messages }, (_, n) => n);
  const replies = numbers.filter(isReply).length;
  const reactions = 2 * numbers.filter(hasReactions).length;
  return { messages: channels * messages, replies: channels * replies, reactions: channels * reactions };
}

/**
 * Writes the folder of an export in Slack's form: public channels of the same people, with a thread of three replies below each
 * tenth message, two reactions on each fifth, edits and mentions. It is the same each time.
 */
export async function writeSlackTalk(folder: string, { people, channels, messages }: SlackTalk): Promise<void> {
  const ids = people.map((_, n) => `U${n + 1}`);
  const names = Array.from({ length: channels }, (_, n) => `channel-${n + 1}`);
  await mkdir(folder, { recursive: true });
  const list = (name: string, value: unknown) => writeFile(join(folder, name), JSON.stringify(value));
  await list(
    'users.json',
    people.map(({ name, email }, n) => ({ id: ids[n], name, profile: { real_name: name, email } })),
  );
  await list(
    'channels.json',
    names.map((name, n) => ({ id: `C${n + 1}`, name, creator: ids[0], created: FROM_SECONDS, members: ids })),
  );
  for (const [channel, name] of names.entries()) {
    await mkdir(join(folder, name));
    for (let from = 0, day = 0; from < messages; from += MESSAGES_A_DAY, day++) {
      const date = new Date((FROM_SECONDS + day * DAY_SECONDS) * 1_000).toISOString().slice(0, 10);
      const numbers = Array.from({ length: Math.min(MESSAGES_A_DAY, messages - from) }, (_, n) => from + n);
      await list(
        `${name}/${date}.json`,
        numbers.map((n) => messageOf(n, channel, ids)),
      );
    }
  }
}

const isReply = (n: number): boolean => n % 10 === 3 || n % 10 === 6 || n % 10 === 9;
const hasReactions = (n: number): boolean => n % 5 === 0;

function messageOf(n: number, channel: number, ids: readonly string[]) {
  const by = (offset: number) => ids[(n + channel + offset) % ids.length] ?? '';
  const words = Array.from({ length: 4 + (n % 12) }, (_, at) => WORDS[(n * 7 + at * at + channel) % WORDS.length]);
  return {
    type: 'message',
    user: by(0),
    ts: tsOf(n),
    text: `${words.join(' ')} ${n}${n % 50 === 0 ? ` <@${by(1)}>` : ''}`,
    ...((isReply(n) || n % 10 === 0) && { thread_ts: tsOf(n - (n % 10)) }),
    ...(n % 40 === 1 && { edited: { user: by(0), ts: tsOf(n + 1) } }),
    ...(hasReactions(n) && {
      reactions: [{ name: n % 2 === 0 ? 'thumbsup' : 'tada', users: [by(1), by(2)], count: 2 }],
    }),
  };
}

/** A thousand a day, a minute apart. */
const tsOf = (n: number): string => {
  const day = Math.floor(n / MESSAGES_A_DAY);
  return `${FROM_SECONDS + day * DAY_SECONDS + (n % MESSAGES_A_DAY) * 60}.000100`;
};
