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

export const fileState = pgEnum('file_state', ['Uploading', 'Scanning', 'Ready', 'Infected', 'Gone']);

/**
 * Files, without their content. The name is sealed like the content of a message; `wrapped_key` is the key of the content,
 * under the ring. A file that is gone has neither, and its row goes when its objects have gone. `expires_at` is set until
 * a message claims it: send_held() does, under the head of the chat. No foreign keys, as for messages.
 */
export const files = pgTable(
  'files',
  {
    id: id('id').primaryKey(),
    workspaceId: id('workspace_id'),
    chatId: id('chat_id'),
    uploaderId: id('uploader_id'),
    state: fileState('state').notNull().default('Uploading'),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    mime: text('mime').notNull(),
    /** A picture stays as it was sent. */
    isAsFile: boolean('is_as_file').notNull().default(false),
    width: integer('width'),
    height: integer('height'),
    hasThumbnail: boolean('has_thumbnail').notNull().default(false),
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
 * to upload a part is an object; the one that is stored and not doomed is the part.
 */
export const fileObjects = pgTable(
  'file_objects',
  {
    id: id('id').primaryKey(),
    fileId: id('file_id'),
    /** From 1. */
    part: integer('part').notNull(),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
    storedAt: time('stored_at'),
    /** Nobody needs it any more: it is to be deleted. */
    doomedAt: time('doomed_at'),
  },
  (t) => [
    uniqueIndex('file_objects_part')
      .on(t.fileId, t.part)
      .where(sql`${t.storedAt} is not null and ${t.doomedAt} is null`),
    index('file_objects_file').on(t.fileId),
    index('file_objects_doomed').on(t.doomedAt).where(sql`${t.doomedAt} is not null`),
    index('file_objects_unfinished').on(t.createdAt).where(sql`${t.storedAt} is null and ${t.doomedAt} is null`),
  ],
);

/** How many bytes the files of a workspace have, begun and gone ones too, as long as their rows are there. */
export const fileUsage = pgTable('file_usage', {
  workspaceId: uuid('workspace_id').primaryKey(),
  bytes: bigint('bytes', { mode: 'number' }).notNull(),
});
