import { Name, NIL_ID, TimeZone } from '@fechatter/contract';
import { checkKeyRing, createMessageCipher, type Database } from '@fechatter/drizzle';
import {
  type ImportKind,
  importKinds,
  type ImportProgress,
  type ImportReport,
  type ImportStream,
  importStream,
} from '@fechatter/importer';
import { beginWorkspace } from '@fechatter/server';
import { makeChange } from '@fechatter/server/change';
import { createFileContent } from '@fechatter/server/file-content';
import { createGuardedDownload } from '@fechatter/service-kit';
import { type Command, type CommandContext, textOption, UsageError } from './command.ts';
import { configWithKeys, ringOf, withDatabase } from './deployment.ts';
import { downloadOf } from './import-download.ts';
import { changing } from './users/changing.ts';
import { findUser } from './users/find-user.ts';
import { findWorkspace } from './workspaces/find-workspace.ts';

const kinds: Readonly<Record<string, ImportKind>> = importKinds;
const kindLines = Object.entries(kinds).map(([name, { summary }]) => `  ${name.padEnd(13)}${summary}`);

export const importData: Command = {
  summary: 'import people, chats and messages from another system',
  usage: '<kind> <file or folder>',
  details: `
Kinds:
${kindLines.join('\n')}

  --workspace <id>    the workspace that it comes into; members with the same verified address are recognised
  --new <name>        a new workspace instead, which is owned by
  --owner <user>      this person: an id or an address
  --dry-run           say what would come, and write nothing
  --discard           first delete what an interrupted import of this source left unfinished
  --source <name>     tells apart sources whose names are the same; default: the kind
  --time-zone <name>  of times without one, for example Europe/Berlin; default: UTC
  --encoding <name>   of texts, for example koi8-r; default: UTF-8, and what is not UTF-8 as windows-1252
  --channel <name>    everything belongs to this channel (irc)
  --download          fetch files that the archive lacks from the provider's own hosts (slack)
  --files <folder>    the content of files, as workspaces export --files wrote it (fechatter)

Chats become visible one by one, each when it is complete. An interrupted import continues when it is called
again with --workspace; a finished one changes nothing. docs/import.md says what comes from where.`,
  options: {
    workspace: { type: 'string' },
    new: { type: 'string' },
    owner: { type: 'string' },
    'dry-run': { type: 'boolean' },
    discard: { type: 'boolean' },
    source: { type: 'string' },
    'time-zone': { type: 'string' },
    encoding: { type: 'string' },
    channel: { type: 'string' },
    download: { type: 'boolean' },
    files: { type: 'string' },
  },
  run: runImport,
};

async function runImport(context: CommandContext): Promise<void> {
  const [kindName = '', path, ...more] = context.args;
  const kind = kinds[kindName];
  if (kind === undefined) throw new UsageError(`the kind is missing: ${Object.keys(kinds).join(', ')}`);
  if (path === undefined || more.length > 0) throw new UsageError('one file or folder is expected');
  const { outbound, files } = configWithKeys(context.env);
  const parserOptions = {
    timeZone: timeZoneOf(context),
    encoding: encodingOf(context),
    channel: textOption(context, 'channel'),
    files: textOption(context, 'files'),
    download:
      context.options.download === true ? downloadOf(createGuardedDownload({ outbound }), context.signal) : undefined,
  };
  const ring = ringOf(context.env);
  const isDryRun = context.options['dry-run'] === true;
  const stream = await begun(kind.parse(path, parserOptions));
  await withDatabase(context.env, async (db) => {
    await checkKeyRing(db.pool, ring, 'remember');
    const workspace = await workspaceOf(context, db, isDryRun);
    context.print(isDryRun ? `${workspace.name}: a dry run` : `into ${workspace.name} (${workspace.id})`);
    const source = textOption(context, 'source') ?? kindName;
    const report = await importStream(stream, {
      ...changing(db),
      cipher: createMessageCipher(ring),
      workspaceId: workspace.id,
      source,
      isDryRun,
      files: { content: createFileContent({ files }, ring), ...files },
      discardsUnfinished: context.options.discard === true,
      signal: context.signal,
      onProgress: progressLines(context.print),
    });
    context.show({ workspaceId: workspace.id, ...report }, reportLines(report, isDryRun));
  });
}

/** Reads the first item of a stream: what is no export of this kind is refused before a workspace is made for it. */
async function begun(stream: ImportStream): Promise<ImportStream> {
  const items = stream[Symbol.asyncIterator]();
  const first = await items.next();
  return (async function* () {
    try {
      for (let item = first; item.done !== true; item = await items.next()) yield item.value;
    } finally {
      await items.return?.();
    }
  })();
}

async function workspaceOf(context: CommandContext, db: Database, isDryRun: boolean) {
  const [wanted, name, owner] = ['workspace', 'new', 'owner'].map((option) => textOption(context, option));
  if ((wanted === undefined) === (name === undefined)) throw new UsageError('say either --workspace or --new');
  if ((name === undefined) !== (owner === undefined)) throw new UsageError('--new and --owner belong together');
  if (wanted !== undefined) return findWorkspace(db, wanted);
  const { id: ownerId } = await findUser(db, owner ?? '');
  const workspace = { name: Name.parse(name), description: null };
  if (isDryRun) return { ...workspace, id: NIL_ID };
  const id = await makeChange({ deps: changing(db) }, (change) => beginWorkspace(change, ownerId, workspace));
  return { ...workspace, id };
}

function timeZoneOf(context: CommandContext): string {
  const zone = TimeZone.safeParse(textOption(context, 'time-zone') ?? 'UTC');
  if (!zone.success) throw new UsageError('--time-zone: give one like Europe/Berlin');
  return zone.data;
}

function encodingOf(context: CommandContext): string | undefined {
  const encoding = textOption(context, 'encoding');
  if (encoding === undefined) return undefined;
  try {
    return new TextDecoder(encoding).encoding;
  } catch {
    throw new UsageError(`--encoding: ${encoding} is not known`);
  }
}

const LINE_EVERY_MS = 1_000;

/** A line of progress each second. */
function progressLines(print: (line: string) => void): (progress: ImportProgress) => void {
  let saidMs = Number.NEGATIVE_INFINITY;
  let saidStep = '';
  return ({ step, messages, total }) => {
    const nowMs = performance.now();
    if (step === saidStep && nowMs < saidMs + LINE_EVERY_MS) return;
    saidMs = nowMs;
    saidStep = step;
    const share = total === undefined ? '' : ` of ${total} (${Math.floor((100 * messages) / Math.max(1, total))} %)`;
    print(`${step}: ${messages}${share} messages`);
  };
}

function reportLines(report: ImportReport, isDryRun: boolean): string[] {
  const { messages, replies, chats, knownChats, discardedChats, people, matchedPeople, reactions, pins, problems } =
    report;
  const emoji = report.emoji > 0 ? `, ${report.emoji} custom emoji` : '';
  const files = `${report.files} files (${report.fileBytes} bytes)`;
  return [
    `${isDryRun ? 'would come' : 'imported'}: ${messages} messages (${replies} replies) in ${chats} chats, ${reactions} reactions, ${pins} pins, ${files}${emoji}`,
    `people: ${people}, of whom ${matchedPeople} are members of the workspace; the others are placeholders`,
    ...(discardedChats > 0 ? [`${discardedChats} unfinished chats were deleted first`] : []),
    ...(knownChats > 0 ? [`${knownChats} chats were imported before and stay unchanged`] : []),
    ...problems.flatMap(({ reason, count, examples }) => [
      `${count} × ${reason}`,
      ...examples.map((place) => `    ${place}`),
    ]),
  ];
}
