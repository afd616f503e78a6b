import type { File } from '@fechatter/contract';
import { fileHome, fileJson, fileOf, type FoundFile } from '@fechatter/drizzle';
import { readableFile } from '../access/readable-file.ts';
import type { Deps } from '../deps.ts';
import { storedParts } from '../file-content/stored-parts.ts';

interface Row {
  readonly file: FoundFile;
  readonly home_id: string;
  readonly parts: readonly number[];
}

/** A file as its reader sees it. */
export interface ShownFile {
  readonly file: File;
  /** The numbers of the parts that have arrived. */
  readonly parts: readonly number[];
}

/** A file that this person can read. */
export async function readFile(
  { db, cipher, log }: Pick<Deps, 'db' | 'cipher' | 'log'>,
  userId: string,
  fileId: string,
): Promise<ShownFile | undefined> {
  const { rows } = await db.pool.query<Row>({
    name: 'file',
    text: `
      with f as materialized (${readableFile('$1', '$2')})
      select ${fileJson} as file, ${fileHome} as home_id, ${storedParts('part', 'f.id')} as parts from f`,
    values: [userId, fileId],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const onUnreadable = (err: unknown) => log.error({ err, fileId }, 'the name of a file cannot be decrypted');
  return { file: fileOf(row.file, row.home_id, cipher, onUnreadable), parts: row.parts };
}
