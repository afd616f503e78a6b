import { inTransaction, sql } from '@fechatter/drizzle';
import { insertEmoji } from '@fechatter/server';
import { makeChange } from '@fechatter/server/change';
import { takeRoom } from '@fechatter/server/file-content';
import { type Picture, writeObjects } from '@fechatter/worker/pictures';
import { v7 as uuidv7 } from 'uuid';
import { giveUpFile } from './give-up-file.ts';
import { type ImportFiles, type ImportRun, WorkspaceDeleted } from './import-deps.ts';
import { storableTime } from './storable-time.ts';

interface NewEmoji {
  /** A hash of what the source calls it: once deleted here, it does not come again. */
  readonly key: string;
  readonly name: string;
  /** Undefined: an Owner. */
  readonly creatorId: string | undefined;
  readonly createdAtUs: number | undefined;
}

type Run = ImportRun & { readonly files: ImportFiles };

/**
 * Stores a picture that was made small, and gives the workspace the emoji. What an interrupted import had stored expires like an
 * upload that nobody used. Refuses with quota_exceeded.
 */
export async function storeEmoji(run: Run, emoji: NewEmoji, picture: Picture): Promise<void> {
  const { db, files, workspaceId } = run;
  const creatorId = emoji.creatorId ?? (await ownerOf(run));
  const id = uuidv7();
  const key = files.content.keys.make();
  await inTransaction(db, async (tx) => {
    const sizes = { content: picture.content.length, thumbnail: picture.thumbnail.length };
    await tx.execute(sql`
      insert into files (id, workspace_id, uploader_id, size_bytes, thumbnail_bytes, mime, sealed_name, wrapped_key, expires_at)
      values (${id}, ${workspaceId}, ${creatorId}, ${sizes.content}, ${sizes.thumbnail}, ${picture.mime},
        ${run.cipher.seal(workspaceId, id, emoji.name)}, ${files.content.keys.wrap(id, key)}, clock_timestamp() + interval '1 hour')`);
    await takeRoom(tx, workspaceId, sizes.content + sizes.thumbnail, files.workspaceMaxBytes);
  });
  try {
    const objects = await writeObjects({ db, stores: files.content.stores }, { fileId: id, key }, picture);
    await claim(run, { ...emoji, creatorId, id }, picture, objects);
  } catch (error) {
    await giveUpFile(db, id);
    throw error;
  }
}

async function ownerOf({ db, workspaceId }: Run): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select user_id as id from live_workspace_members where workspace_id = $1 and role = 'Owner' order by joined_seq limit 1`,
    [workspaceId],
  );
  if (rows[0] === undefined) throw new WorkspaceDeleted();
  return rows[0].id;
}

/** Everyone can see it from now on; after its scan, if files are scanned here. */
const claim = (
  run: Run,
  { id, key, name, creatorId, createdAtUs }: NewEmoji & { readonly id: string; readonly creatorId: string },
  { width, height }: Picture,
  objects: readonly { readonly id: string }[],
) =>
  makeChange({ deps: run }, async (change) => {
    const { tx } = change;
    await change.lockWorkspaces([run.workspaceId]);
    const { areScanned } = run.files.content;
    await tx.execute(sql`
      update files set state = ${areScanned ? 'Scanning' : 'Ready'}, width = ${width}, height = ${height}, has_thumbnail = true,
        expires_at = null where id = ${id}`);
    await tx.execute(sql`
      update file_objects set stored_at = clock_timestamp()
      where id = any (${sql.param(objects.map((object) => object.id))}::uuid[])`);
    if (areScanned)
      await tx.execute(sql`insert into file_checks (file_id, needs_scan, is_imported) values (${id}, true, true)`);
    await tx.execute(sql`
      insert into import_map (workspace_id, source, kind, key, id, finished_at)
      values (${run.workspaceId}, ${run.source}, 'Emoji', ${key}, ${id}, clock_timestamp()) on conflict do nothing`);
    await insertEmoji(change, { workspaceId: run.workspaceId, name, fileId: id, userId: creatorId });
    await tx.execute(sql`
      update emoji set created_at = coalesce(to_timestamp(${storableTime(createdAtUs) ?? null}::bigint / 1000000.0), created_at)
      where workspace_id = ${run.workspaceId} and name = ${name}`);
  });
