import type { Emoji } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { emoji } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';

const e = alias(emoji, 'e');
const columns = {
  name: e.name,
  file_id: e.fileId,
  created_by: e.createdBy,
  created_at: e.createdAt,
} as const satisfies Columns;

/** The columns of an emoji `e`. */
export const emojiColumns = columnList(columns);
/** {@link emojiColumns} as SQL returns them. */
export type EmojiRow = RowOf<typeof columns>;

/** The noun of a row. */
export const emojiOf = (row: EmojiRow): Emoji => ({
  name: row.name,
  fileId: row.file_id,
  createdBy: row.created_by,
  createdAt: row.created_at,
});
