import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, time } from './column-types.ts';

/** The emoji of workspaces, written under the lock of the workspace's head. Reactions name them and outlive them. */
export const emoji = pgTable(
  'emoji',
  {
    workspaceId: id('workspace_id'),
    name: text('name').notNull(),
    fileId: id('file_id'),
    createdBy: id('created_by'),
    createdAt: time('created_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.name] }),
    uniqueIndex('emoji_file').on(t.fileId),
    index('emoji_creator').on(t.createdBy),
  ],
);
