import type { Database, MessageCipher, Notifier } from '@fechatter/drizzle';
import { type ImportReport, Problems } from '../report.ts';
import type { ImportItem, ImportStream } from '../stream.ts';
import { Chats } from './chats.ts';
import { CustomEmoji } from './custom-emoji.ts';
import { discardUnfinished } from './discard-unfinished.ts';
import { finishChat } from './finish-chat.ts';
import type { ImportFiles, ImportRun } from './import-deps.ts';
import { MessageFiles } from './message-files.ts';
import { orderStaged } from './order-staged.ts';
import { People } from './people.ts';
import { Stage } from './stage.ts';
import { stagedMessages } from './staged-message.ts';
import { writeChat } from './write-chat.ts';

export interface ImportOptions {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly cipher: MessageCipher;
  readonly workspaceId: string;
  /** Where the data comes from: the same keys of two sources are different things. */
  readonly source: string;
  /** Reads everything and writes nothing that stays. */
  readonly isDryRun?: boolean;
  /** Deletes first what an interrupted import of this source left unfinished. */
  readonly discardsUnfinished?: boolean;
  /** Where the content of files comes; without it files do not come. */
  readonly files?: ImportFiles | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What was done so far. `total` is known once everything has been read. */
export interface ImportProgress {
  readonly step: 'reading' | 'sorting' | 'writing';
  readonly messages: number;
  readonly total?: number;
}

/**
 * Imports a stream into a workspace: reads it once into a temporary table, sorts it there, and writes one chat after the
 * other. Chats that an earlier import finished stay unchanged; one that it left unfinished is continued.
 */
export async function importStream(stream: ImportStream, options: ImportOptions): Promise<ImportReport> {
  const { db, workspaceId, isDryRun = false } = options;
  const client = await db.pool.connect();
  try {
    const { rows } = await client.query<{ isFree: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('import:' || $1, 0)) as "isFree"`,
      [workspaceId],
    );
    if (rows[0]?.isFree !== true) throw new Error('another import into this workspace is running');
    return await load(stream, { ...options, client, isDryRun, problems: new Problems() });
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => {});
    // With the connection its temporary tables go.
    client.release(true);
  }
}

async function load(stream: ImportStream, options: ImportOptions & ImportRun): Promise<ImportReport> {
  const { client, problems, signal, onProgress = () => {} } = options;
  const discardedChats =
    options.discardsUnfinished === true && !options.isDryRun
      ? await discardUnfinished(options.db, options.workspaceId, options.source)
      : 0;
  const people = new People(options);
  const chats = new Chats(options, people);
  const files = new MessageFiles(options);
  const emoji = new CustomEmoji(options, people, signal);
  const stage = await Stage.open(client);
  let read = 0;
  const take = async (item: ImportItem): Promise<void> => {
    if (item.type === 'person') return people.add(item);
    if (item.type === 'chat') return chats.add(item);
    if (item.type === 'emoji') return emoji.add(item);
    if (item.type === 'problem') return problems.add(item.reason, item.where, item.count);
    const chat = chats.of(item.chat);
    if (chat === 'finished') return;
    if (chat === undefined) return problems.add('a message of an unknown chat is left out', `${item.chat} ${item.key}`);
    for (const message of await stagedMessages(options, { people, files, emoji }, chat, item)) await stage.add(message);
    if (++read % PROGRESS_MESSAGES === 0) onProgress({ step: 'reading', messages: read });
  };
  for await (const item of stream) {
    signal?.throwIfAborted();
    await take(item);
  }
  await stage.flush();
  if (stage.repeated > 0) problems.add('a message that came twice is imported once', 'all', stage.repeated);
  onProgress({ step: 'sorting', messages: read });
  await orderStaged(client, problems);
  const counts = await countsOf(options);
  let written = 0;
  for (const chat of options.isDryRun ? [] : chats.open) {
    await writeChat(options, chat, (messages) => {
      signal?.throwIfAborted();
      written += messages;
      onProgress({ step: 'writing', messages: written, total: counts.messages });
    });
    await finishChat(options, chat);
  }
  return {
    people: people.count,
    matchedPeople: people.matched,
    chats: chats.openCount,
    knownChats: chats.finishedCount,
    discardedChats,
    emoji: emoji.count,
    files: files.count,
    fileBytes: files.bytes,
    ...counts,
    problems: problems.list(),
  };
}

const PROGRESS_MESSAGES = 1_000;
const PINS_MAX = 100;

async function countsOf({ client, problems }: ImportRun) {
  const { rows } = await client.query<{
    messages: number;
    replies: number;
    reactions: number;
    pins: number;
    overPins: number;
  }>(
    `select count(*)::int as messages, count(thread_id)::int as replies, coalesce(sum(reaction_count), 0)::int as reactions,
       (count(*) filter (where pin_rank <= $1))::int as pins, (count(*) filter (where pin_rank > $1))::int as "overPins"
     from pg_temp.import_order`,
    [PINS_MAX],
  );
  const { overPins, ...counts } = rows[0] ?? { messages: 0, replies: 0, reactions: 0, pins: 0, overPins: 0 };
  if (overPins > 0)
    problems.add(`more than ${PINS_MAX} pinned messages in a chat: the oldest pins are left out`, 'all', overPins);
  return counts;
}
