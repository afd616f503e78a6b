import { createFileKeys } from '@fechatter/drizzle';
import { storesOf } from '@fechatter/file-store';
import type { Command, CommandContext } from '../command.ts';
import { configWithKeys, ringOf, withDatabase } from '../deployment.ts';
import { alone } from './alone.ts';
import { scrubObjects } from './scrub-objects.ts';
import { scrubRows } from './scrub-rows.ts';
import { scrubUsage } from './scrub-usage.ts';

export const filesScrub: Command = {
  summary: 'compare the rows of files with the stores, while everything runs',
  usage: '[--repair] [--deep]',
  details: `
Finds rows whose object is missing, elsewhere or of another size; objects that have no row; and wrong counters of how many
bytes a workspace has.

  --deep     also read every object, and check that it is what was stored
  --repair   repair what can be repaired: delete objects without a row, name the store that has an object, ask for lost parts of
             uploads again, correct the counters. Objects that are younger than a day, or newer than all rows, stay: after a
             restore of an older database a newer backup may still need them.

A sent file whose object is missing or broken cannot be repaired here: restore the object from a backup, or delete its message.

Exit code: 1 if something is wrong and was not repaired.`,
  options: { repair: { type: 'boolean' }, deep: { type: 'boolean' } },
  run: scrub,
};

const SHOWN_MAX = 20;

async function scrub({ env, options, print, show, signal }: CommandContext): Promise<number> {
  const { files } = configWithKeys(env);
  const stores = storesOf(files);
  const isRepairing = options.repair === true;
  const keys = options.deep === true ? createFileKeys(ringOf(env)) : undefined;
  return withDatabase(env, async (db) => {
    const scrubbing = { db, stores, isRepairing, signal, onProgress: print };
    const { rows, objects, usage } = await alone(db, async () => ({
      rows: await scrubRows(scrubbing, keys),
      objects: await scrubObjects(scrubbing),
      usage: await scrubUsage(scrubbing),
    }));
    if (signal.aborted) throw new Error('stopped before the end');
    const broken = [...rows.missing, ...rows.broken];
    const found = rows.elsewhere + rows.lostParts + objects.withoutRow + objects.copies + usage.wrong;
    const repaired = isRepairing ? 'repaired' : 'found; --repair repairs them';
    show({ rows, objects, usage, isRepairing }, [
      `${rows.seen} objects of rows and ${objects.seen} objects of stores were compared`,
      ...counted(rows.elsewhere, `objects are in another store than their row says: ${repaired}`),
      ...counted(rows.lostParts, `parts of uploads are lost, and have to be sent again: ${repaired}`),
      ...counted(objects.withoutRow, `objects have no row: ${repaired}`),
      ...counted(objects.copies, `copies are left from moves: ${repaired}`),
      ...counted(usage.wrong, `workspaces have a wrong counter of bytes: ${repaired}`),
      ...counted(objects.young, 'objects have no row and are younger than a day, or than all rows: they stay'),
      ...counted(rows.missing.length, 'objects of files are missing'),
      ...counted(rows.broken.length, 'objects of files are not what was stored'),
      ...broken.slice(0, SHOWN_MAX).map(({ fileId, part }) => `  file ${fileId}, part ${part}`),
    ]);
    return broken.length > 0 || (found > 0 && !isRepairing) ? 1 : 0;
  });
}

const counted = (count: number, what: string): string[] => (count > 0 ? [`${count} ${what}`] : []);
