import { createMessageCipher } from '@fechatter/drizzle';
import { type Exported, exportedPages, streamLines } from '@fechatter/server';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CommandContext, textOption, UsageError } from './command.ts';
import { ringOf } from './deployment.ts';
import { type ExportedContents, withContents } from './export-contents.ts';
import { silent } from './silent-log.ts';
import type { changing } from './users/changing.ts';

const NAMED_MAX = 20;

export const exportOptions = { out: { type: 'string' }, files: { type: 'string' } } as const;
export const exportDetails = `
  --out <file>      where to write it; must not exist yet, and only you can read it
  --files <folder>  where to write the content of the files and emoji that it names, each under its id; must not exist yet

The file has one JSON object per line, as docs/peoples-data.md describes. The last line says how many lines come before
it: without it, the export is incomplete. Messages and files are decrypted.`;

/** The path of the file to write. */
export function exportFile(context: CommandContext): string {
  const file = textOption(context, 'out');
  if (file === undefined) throw new UsageError('--out is missing: the file to write');
  return file;
}

/** Writes an export to the file, a page at a time. Throws at its end if the content of a file could not be read. */
export async function writeExport(
  context: CommandContext,
  { db, notifier }: ReturnType<typeof changing>,
  exported: Exported,
  file: string,
): Promise<ExportedContents> {
  const { env, signal } = context;
  const cipher = createMessageCipher(ringOf(env));
  const folder = textOption(context, 'files');
  const contents: ExportedContents = { written: 0, unreadable: [] };
  const plain = exportedPages({ db, notifier, cipher, log: silent }, exported);
  const pages = folder === undefined ? plain : withContents(plain, context, db, { folder, contents });
  const lines = streamLines(pages, (line) => line, { onError: () => {} });
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.fromWeb(lines), target, { signal });
  const { unreadable } = contents;
  if (unreadable.length > 0)
    throw new Error(
      `the export is whole, but the content of ${unreadable.length} files cannot be read (see files scrub): ${unreadable.slice(0, NAMED_MAX).join(', ')}`,
    );
  return contents;
}
