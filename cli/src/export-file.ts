import { createMessageCipher } from '@fechatter/drizzle';
import { type Exported, exportedPages, streamLines } from '@fechatter/server';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type CommandContext, textOption, UsageError } from './command.ts';
import { ringOf } from './deployment.ts';
import { silent } from './silent-log.ts';
import type { changing } from './users/changing.ts';

export const exportOptions = { out: { type: 'string' } } as const;
export const exportDetails = `
  --out <file>  where to write it; must not exist yet, and only you can read it

The file has one JSON object per line, as docs/peoples-data.md describes. The last line says how many lines come before
it: without it, the export is incomplete. Messages are decrypted.`;

/** The path of the file to write. */
export function exportFile(context: CommandContext): string {
  const file = textOption(context, 'out');
  if (file === undefined) throw new UsageError('--out is missing: the file to write');
  return file;
}

/** Writes an export to the file, a page at a time. */
export async function writeExport(
  { env, signal }: CommandContext,
  { db, notifier }: ReturnType<typeof changing>,
  exported: Exported,
  file: string,
): Promise<void> {
  const cipher = createMessageCipher(ringOf(env));
  const pages = exportedPages({ db, notifier, cipher, log: silent }, exported);
  const lines = streamLines(pages, (line) => line, { onError: () => {} });
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  await pipeline(Readable.fromWeb(lines), target, { signal });
}
