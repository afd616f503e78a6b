import { limits, partCountOf } from '@fechatter/contract';
import type { Database } from '@fechatter/drizzle';
import { deleteObject, type DoomedObject, type FileStores, sealedSize, sealSegments } from '@fechatter/file-store';
import { placeOf } from '@fechatter/server/file-content';
import { v7 as uuidv7 } from 'uuid';
import type { Picture } from '../pictures/child-output.ts';

interface Writing {
  readonly db: Database;
  readonly stores: FileStores;
}

/** Stores a re-encoded picture, under the key of its file. The objects are not visible until they are marked, and until
 * then they are not moved to another store. */
export async function writeObjects(
  { db, stores }: Writing,
  { fileId, key }: { readonly fileId: string; readonly key: Buffer },
  { content, thumbnail }: Picture,
): Promise<readonly DoomedObject[]> {
  const written: DoomedObject[] = [];
  const store = stores.current;
  const sizes = { sizeBytes: content.length, thumbnailBytes: thumbnail.length };
  /** The row of an object is inserted before the object exists. */
  const write = async (part: number, bytes: Buffer) => {
    const id = uuidv7();
    written.push({ id, store, otherStore: null });
    await db.pool.query('insert into file_objects (id, file_id, part, store) values ($1, $2, $3, $4)', [
      id,
      fileId,
      part,
      store,
    ]);
    const place = placeOf({ fileId, objectId: id, part }, sizes);
    await stores.of(store).put(id, sealSegments(key, place, once(bytes)), sealedSize(bytes.length));
  };
  try {
    for (let part = 1; part <= partCountOf(content.length); part++) {
      const from = (part - 1) * limits.filePartBytes;
      await write(part, content.subarray(from, from + limits.filePartBytes));
    }
    await write(0, thumbnail);
    return written;
  } catch (error) {
    await forgetObjects({ db, stores }, written).catch(() => {});
    throw error;
  }
}

/** Deletes objects, then the rows that name them. A job deletes later what fails here. */
export async function forgetObjects({ db, stores }: Writing, objects: readonly DoomedObject[]): Promise<void> {
  for (const object of objects) await deleteObject(stores, object);
  const ids = objects.map(({ id }) => id);
  if (ids.length > 0) await db.pool.query('delete from file_objects where id = any ($1::uuid[])', [ids]);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
