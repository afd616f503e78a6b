import type { Database } from '@fechatter/drizzle';
import { storesOf, type StoreName } from '@fechatter/file-store';
import { type Command, type CommandContext, textOption, UsageError } from '../command.ts';
import { configWithKeys, withDatabase } from '../deployment.ts';
import { alone } from './alone.ts';
import { moveObjects } from './move-objects.ts';

export const filesMove: Command = {
  summary: 'move the content of all files to the other store, while everything runs',
  usage: '--to <store>',
  details: `
First give all servers and workers the settings of both stores, then set files.store to the new one and restart them, then
run this command. Files can be read all the time. You can stop it and run it again at any time: it continues where it was.
The old store loses an object once the new one has been read back.

  --to <store>   s3 or folder

Exit code: 1 if something could not be moved.`,
  options: { to: { type: 'string' } },
  run: move,
};

const storeNames: Readonly<Record<string, StoreName>> = { s3: 'S3', folder: 'Folder' };

async function move(context: CommandContext): Promise<number> {
  const { env, print, show, signal } = context;
  const to = storeNames[textOption(context, 'to') ?? ''];
  if (to === undefined) throw new UsageError('--to: expected s3 or folder');
  const { files } = configWithKeys(env);
  const stores = storesOf(files);
  const from: StoreName = to === 'S3' ? 'Folder' : 'S3';
  for (const name of [from, to]) stores.of(name);
  if (stores.current !== to)
    print(`files.store is ${files.store} here: where servers have that too, new files still go there`);
  return withDatabase(env, (db) =>
    alone(db, async () => {
      const { pool } = db;
      const total = await countIn(pool, from);
      print(`${total} objects are to be moved`);
      const counts = await moveObjects({
        pool,
        stores,
        to,
        signal,
        onProgress: ({ moved, movedBytes }) => print(`${moved} of ${total} objects are moved, ${movedBytes} bytes`),
      });
      const left = await countIn(pool, from);
      show({ ...counts, left }, [
        ...(counts.missing > 0 ? [`${counts.missing} objects are missing: see \`fechatter files scrub\``] : []),
        ...(counts.failed > 0 ? [`${counts.failed} objects could not be copied: run this again`] : []),
        ...(left > 0 ? [`${left} objects are still where they were`] : []),
        `done: ${counts.moved} objects are moved, ${counts.movedBytes} bytes`,
      ]);
      return left > 0 ? 1 : 0;
    }),
  );
}

async function countIn(pool: Database['pool'], store: StoreName): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from file_objects
     where store = $1 and stored_at is not null and doomed_at is null`,
    [store],
  );
  return rows[0]?.count ?? 0;
}
