import { limits, partCountOf } from '@fechatter/contract';
import { inTransaction, sql } from '@fechatter/drizzle';
import type { StoredObject } from '@fechatter/file-store';
import { refuse } from '@fechatter/service-kit';
import { isPicture, sniffedType, storedParts, takeRoom, writePart } from '@fechatter/server/file-content';
import type { ImportedContent } from '../stream.ts';
import { giveUpFile } from './give-up-file.ts';
import type { ImportFiles, ImportRun } from './import-deps.ts';
import { splitParts } from './split-parts.ts';

/** A file as it is stored: a row of its message, which nobody can see yet. */
export interface NewFile {
  readonly id: string;
  readonly chatId: string;
  readonly messageId: string;
  readonly uploaderId: string;
  /** Among those of its message, from 1. */
  readonly place: number;
  readonly name: string;
  readonly mime: string;
  readonly atUs: number;
}

/**
 * Stores the content of a file of an imported message, encrypted, and counts it towards the quota. A file that an
 * interrupted import had stored stays; one that it had begun is stored anew. Refuses with quota_exceeded, and with
 * part_size_wrong if the content has another size than the source says.
 */
export async function storeFile(
  run: ImportRun & { readonly files: ImportFiles },
  file: NewFile,
  content: ImportedContent,
): Promise<void> {
  const { db, files } = run;
  const state = await beginFile(run, file, content.sizeBytes);
  if (state !== 'Uploading') return;
  try {
    let part = 0;
    for await (const bytes of splitParts(await content.open(), limits.filePartBytes)) {
      part++;
      if (part > partCountOf(content.sizeBytes)) throw refuse('part_size_wrong');
      await writePart({ db, files: files.content }, { fileId: file.id, userId: file.uploaderId, part }, bytes);
    }
    await endFile(run, file);
  } catch (error) {
    await giveUpFile(db, file.id);
    throw error;
  }
}

/** Returns what the file is: one that is there is not begun again. */
function beginFile(
  { db, cipher, workspaceId, files }: ImportRun & { readonly files: ImportFiles },
  { id, chatId, messageId, uploaderId, place, name, mime, atUs }: NewFile,
  sizeBytes: number,
): Promise<string> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.execute<{ state: string }>(sql`select state from files where id = ${id}`);
    if (rows[0] !== undefined) return rows[0].state;
    await tx.execute(sql`
      insert into files (id, workspace_id, chat_id, message_id, place, uploader_id, size_bytes, mime, sealed_name, wrapped_key, created_at)
      values (${id}, ${workspaceId}, ${chatId}, ${messageId}, ${place}, ${uploaderId}, ${sizeBytes}, ${mime},
        ${cipher.seal(chatId, id, name)}, ${files.content.keys.wrap(id, files.content.keys.make())}, to_timestamp(${atUs} / 1000000.0))`);
    await takeRoom(tx, workspaceId, sizeBytes, files.workspaceMaxBytes);
    return 'Uploading';
  });
}

interface Stored {
  readonly size_bytes: number;
  readonly wrapped_key: Buffer;
  readonly objects: readonly StoredObject[];
}

/** A worker checks pictures, and scans files if they are scanned here, once the chat is visible. */
async function endFile(
  { db, files }: ImportRun & { readonly files: ImportFiles },
  { id, mime }: NewFile,
): Promise<void> {
  const { rows } = await db.pool.query<Stored>(
    `select f.size_bytes, f.wrapped_key, ${storedParts('object', 'f.id')} as objects from files f where f.id = $1`,
    [id],
  );
  const [file] = rows;
  if (file === undefined || file.objects.length < partCountOf(file.size_bytes)) throw refuse('part_size_wrong');
  const stored = { id, sizeBytes: file.size_bytes, wrappedKey: file.wrapped_key, objects: file.objects };
  const found = await sniffedType(files.content, stored, mime);
  await db.pool.query(`update files set state = $2::file_state, mime = $3 where id = $1 and state = 'Uploading'`, [
    id,
    isPicture(found) || (files.content.areScanned && file.size_bytes > 0) ? 'Scanning' : 'Ready',
    found,
  ]);
}
