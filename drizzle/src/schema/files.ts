import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgEnum,
  pgTable,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea, id, time } from './column-types.ts';

/** Where objects are kept; its values are those of `StoreName`. */
export const fileStore = pgEnum('file_store', ['Folder', 'S3']);

export const fileState = pgEnum('file_state', ['Uploading', 'Scanning', 'Ready', 'Infected', 'Gone']);

/**
 * Files, without their content. The name is sealed like the content of a message; `wrapped_key` is the key of the content,
 * under the ring. A file that is gone has neither, and its row is deleted after its objects. `expires_at` is set until
 * a message claims it (send_held() does, under the head of the chat) or an emoji. No foreign keys, as for messages.
 */
export const files = pgTable(
  'files',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id'),
    /** Null: the picture of an emoji of the workspace. */
    chatId: uuid('chat_id'),
    uploaderId: id('uploader_id'),
    state: fileState('state').notNull().default('Uploading'),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    mime: text('mime').notNull(),
    /** A picture stays as it was sent. */
    isAsFile: boolean('is_as_file').notNull().default(false),
    width: integer('width'),
    height: integer('height'),
    hasThumbnail: boolean('has_thumbnail').notNull().default(false),
    /** The size of its thumbnail, the part 0; 0 if it has none. It counts towards the quota too. */
    thumbnailBytes: integer('thumbnail_bytes').notNull().default(0),
    sealedName: bytea('sealed_name'),
    wrappedKey: bytea('wrapped_key'),
    messageId: uuid('message_id'),
    /** Among the files of its message, from 1. */
    place: smallint('place'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    expiresAt: time('expires_at'),
  },
  (t) => [
    index('files_message').on(t.messageId, t.place).where(sql`${t.messageId} is not null`),
    index('files_chat').on(t.chatId, t.id).where(sql`${t.messageId} is not null`),
    index('files_unsent').on(t.expiresAt).where(sql`${t.messageId} is null`),
    index('files_uploader').on(t.uploaderId).where(sql`${t.messageId} is null`),
    index('files_gone').on(t.id).where(sql`${t.state} = 'Gone'`),
  ],
);

/**
 * What the store has, or may have: a row is there before the first byte is written and until the last is deleted. An attempt
 * to upload a part is an object; the one that is stored and not doomed is the part. While an object is moved, two stores may
 * have it: it is read from `store`, and `other_store` is the source or the target of a move.
 */
export const fileObjects = pgTable(
  'file_objects',
  {
    id: id('id').primaryKey(),
    fileId: id('file_id'),
    /** From 1; 0 is the thumbnail. */
    part: integer('part').notNull(),
    store: fileStore('store').notNull().default('Folder'),
    otherStore: fileStore('other_store'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    storedAt: time('stored_at'),
    /** It is no longer needed, and is to be deleted. */
    doomedAt: time('doomed_at'),
  },
  (t) => [
    uniqueIndex('file_objects_part')
      .on(t.fileId, t.part)
      .where(sql`${t.storedAt} is not null and ${t.doomedAt} is null`),
    index('file_objects_file').on(t.fileId),
    index('file_objects_doomed').on(t.doomedAt).where(sql`${t.doomedAt} is not null`),
    index('file_objects_store').on(t.store, t.id),
    index('file_objects_moving').on(t.id).where(sql`${t.otherStore} is not null`),
    index('file_objects_unfinished').on(t.createdAt).where(sql`${t.storedAt} is null and ${t.doomedAt} is null`),
  ],
);

/**
 * Files that are `Scanning`: those that a worker must check. A worker that claims one has until `due_at` before another takes
 * it; `lease` is then that claim's own.
 */
export const fileChecks = pgTable(
  'file_checks',
  {
    fileId: id('file_id').primaryKey(),
    dueAt: time('due_at').notNull().default(sql`clock_timestamp()`),
    lease: uuid('lease'),
    /** It is served only after it was scanned for viruses. */
    needsScan: boolean('needs_scan').notNull().default(false),
    /** It came with an import: nobody waits for it as for an upload. */
    isImported: boolean('is_imported').notNull().default(false),
    /** How often a worker began to read it as a picture. */
    attempts: smallint('attempts').notNull().default(0),
    /** How often in a row the store, or the process for pictures, could not be used. */
    failures: integer('failures').notNull().default(0),
  },
  (t) => [index('file_checks_due').on(t.isImported, t.dueAt)],
);

/** How many bytes the files of a workspace have, begun and gone ones too, as long as their rows are there. */
export const fileUsage = pgTable('file_usage', {
  workspaceId: uuid('workspace_id').primaryKey(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
});
