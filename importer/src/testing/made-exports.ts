import { serialize } from 'bson';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A message as a made-up export has it. `at` is in seconds; what is null or absent there is so in the export. */
export interface MadeMessage {
  readonly key: string;
  readonly at: unknown;
  readonly from: string | null;
  readonly text: string | null;
  readonly replyTo?: string;
  readonly file?: { readonly name: string };
}

/** The channel of each export, named as people do. */
export const CHANNEL = 'тайна-🎉';

/** Writes an export with one channel of anna and bob, and with the files of its messages in the order that is given. */
export type MadeExport = (folder: string, files: readonly (readonly MadeMessage[])[]) => Promise<string>;

const AT = 1_600_000_000;
/** The time of a message in seconds; something else stays as it is. */
const secondsOf = (at: unknown) => (typeof at === 'number' ? AT + at : at);

async function write(folder: string, name: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(
    join(folder, name),
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
  );
}

const tsOf = (at: unknown) => (typeof at === 'number' ? `${AT + at}.000100` : at);

/** Ids of messages are their times; the second of two with the same is told apart by its content. */
const slack: MadeExport = async (folder, files) => {
  const times = new Map(files.flat().map(({ key, at }) => [key, tsOf(at)]));
  await write(folder, 'users.json', [{ id: 'anna', name: 'anna', profile: null }, { id: 'bob', name: 'bob' }, null]);
  await write(folder, 'channels.json', [{ id: 'C1', name: CHANNEL, members: null, topic: null, pins: null }, null]);
  for (const [n, messages] of files.entries())
    await write(
      folder,
      `${CHANNEL}/2023-11-${10 + n}.json`,
      messages.map(({ at, from, text, replyTo, file }) => ({
        ...(from === null ? { subtype: 'bot_message', username: null, user: null } : { user: from }),
        ts: tsOf(at),
        text,
        thread_ts: replyTo === undefined ? null : (times.get(replyTo) ?? '1500000000.000100'),
        edited: null,
        reactions: null,
        files: file === undefined ? null : [{ ...file, url_private: null }],
      })),
    );
  return folder;
};

const postOf = ({ at, from, text, file }: MadeMessage) => ({
  user: from,
  create_at: typeof at === 'number' ? (AT + at) * 1_000 : at,
  message: text,
  edit_at: null,
  reactions: null,
  attachments: file === undefined ? null : [{ path: file.name }],
});

/** Posts have their replies inside, so a reply is never without its post. */
const mattermost: MadeExport = async (folder, files) => {
  const all = files.flat();
  const lines = [
    { type: 'channel', channel: { team: 't', name: 'c', display_name: CHANNEL, type: 'O', header: null } },
    ...['anna', 'bob'].map((username) => ({ type: 'user', user: { username, email: null, teams: null } })),
    ...all.flatMap((message) =>
      message.replyTo === undefined
        ? [
            {
              type: 'post',
              post: {
                team: 't',
                channel: 'c',
                ...postOf(message),
                replies: all.filter(({ replyTo }) => replyTo === message.key).map(postOf),
              },
            },
          ]
        : [],
    ),
  ];
  await write(folder, 'import.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
  return folder;
};

const rocketChat: MadeExport = async (folder, files) => {
  const dump = (name: string, documents: readonly object[]) =>
    write(folder, `${name}.bson`, Buffer.concat(documents.map((document) => serialize(document))));
  await dump('users', [{ username: 'anna', emails: null }, { username: 'bob' }, {}]);
  await dump('rocketchat_room', [{ _id: 'R1', t: 'c', name: CHANNEL, topic: null, u: null, ts: null }]);
  await dump(
    'rocketchat_message',
    files.flat().map(({ key, at, from, text, replyTo, file }) => ({
      _id: key,
      rid: 'R1',
      u: from === null ? null : { username: from },
      ts: typeof at === 'number' ? new Date((AT + at) * 1_000) : at,
      msg: text,
      tmid: replyTo ?? null,
      reactions: null,
      editedAt: null,
      files: file === undefined ? null : [{ ...file, _id: null }],
    })),
  );
  return folder;
};

/** Topics are threads, so a reply names its topic and never its post. */
const zulip: MadeExport = async (folder, files) => {
  const all = files.flat();
  const people = ['anna', 'bob', 'ghost'];
  await write(folder, 'realm.json', {
    zerver_userprofile: [{ id: 1, full_name: 'anna', email: null }, { id: 2, full_name: 'bob' }, null],
    zerver_stream: [{ id: 5, name: CHANNEL, invite_only: false, description: null, date_created: null }],
    zerver_recipient: [{ id: 11, type: 2, type_id: 5 }, null],
    zerver_subscription: null,
    zerver_reaction: [null, { message: null }],
  });
  for (const [n, messages] of files.entries())
    await write(folder, `messages-00000${n + 1}.json`, {
      zerver_message: messages.map((message) => ({
        id: 100 + all.indexOf(message),
        sender: message.from === null ? null : people.indexOf(message.from) + 1,
        recipient: 11,
        subject: null,
        date_sent: secondsOf(message.at),
        content: message.text,
        last_edit_time: null,
      })),
    });
  return folder;
};

/** A line has a time and a nick, or is no message. */
const irc: MadeExport = async (folder, files) => {
  for (const [n, messages] of files.entries())
    await write(
      folder,
      `${CHANNEL}/2023-11-${10 + n}.log`,
      messages.map(({ at, from, text }) => `[10:00:${String(at).padStart(2, '0')}] <${from}> ${text}\n`).join(''),
    );
  return folder;
};

/** By the word that names the kind. */
export const madeExports = { slack, mattermost, 'rocket-chat': rocketChat, zulip, irc };
