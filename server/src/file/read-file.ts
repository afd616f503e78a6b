import type { File } from '@fechatter/contract';
import { fileJson, fileOf, type FoundFile } from '@fechatter/drizzle';
import { readableFile } from '../access/readable-file.ts';
import type { Deps } from '../deps.ts';

interface Row {
  readonly file: FoundFile;
  readonly chat_id: string;
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
      select ${fileJson} as file, f.chat_id, array(
        select o.part from file_objects o
        where o.file_id = f.id and o.stored_at is not null and o.doomed_at is null order by o.part) as parts
      from f`,
    values: [userId, fileId],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const onUnreadable = (err: unknown) => log.error({ err, fileId }, 'the name of a file cannot be decrypted');
  return { file: fileOf(row.file, row.chat_id, cipher, onUnreadable), parts: row.parts };
}
