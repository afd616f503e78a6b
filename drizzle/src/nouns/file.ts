import type { File, FileState } from '@fechatter/contract';
import { NIL_ID, UNREADABLE } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import type { MessageCipher } from '../message-cipher.ts';
import { files } from '../schema.ts';
import type { Columns, RowOf } from './columns.ts';
import type { NounSource } from './noun.ts';

/** A file as SQL returns it in JSON. */
export interface FoundFile {
  readonly id: string;
  /** In base64; null if it is gone. */
  readonly sealedName: string | null;
  readonly size: number;
  readonly mime: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly hasThumbnail: boolean;
  readonly state: FileState;
  readonly createdAt: string;
}

/** SQL: a file `f` in JSON: a {@link FoundFile}. */
export const fileJson = `json_build_object('id', f.id, 'sealedName', encode(f.sealed_name, 'base64'), 'size', f.size_bytes,
  'mime', f.mime, 'width', f.width, 'height', f.height, 'hasThumbnail', f.has_thumbnail, 'state', f.state,
  'createdAt', f.created_at)`;

/** SQL: the files of a message `m` in their order; a message without any is not looked up. */
export const filesOfMessage = `
  case when m.parts ? 'files' then (
    select json_agg(${fileJson} order by f.place) from files f where f.message_id = m.id) end`;

/** SQL: the chat of a file `f` or, of the picture of an emoji, its workspace: its name is sealed for that. */
export const fileHome = 'coalesce(f.chat_id, f.workspace_id)';

/** The noun of a file, whose name is sealed for {@link fileHome}. A name that cannot be decrypted is shown as U+FFFD. */
export function fileOf(
  found: FoundFile,
  homeId: string,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): File {
  const { id, size, mime, width, height, hasThumbnail, state } = found;
  const name = nameOf(found, homeId, cipher, onUnreadable);
  return { id, name, size, mime, width, height, hasThumbnail, state, createdAt: new Date(found.createdAt) };
}

function nameOf(
  { id, sealedName }: FoundFile,
  homeId: string,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): string {
  if (sealedName === null) return UNREADABLE;
  try {
    return cipher.open(homeId, id, Buffer.from(sealedName, 'base64'));
  } catch (error) {
    onUnreadable(error);
    return UNREADABLE;
  }
}

const fl = alias(files, 'fl');
const columns = {
  id: fl.id,
  chat_id: fl.chatId,
  size_bytes: fl.sizeBytes,
  mime: fl.mime,
  width: fl.width,
  height: fl.height,
  has_thumbnail: fl.hasThumbnail,
  state: fl.state,
  created_at: fl.createdAt,
} as const satisfies Columns;
type FileRow = RowOf<typeof columns> & {
  /** In base64. */
  readonly sealed_name: string | null;
};

export const fileSource: NounSource<'file', FileRow> = {
  reference: 'subjectId',
  table: 'files',
  as: 'fl',
  joins: [],
  columns,
  others: { sealed_name: `encode(fl.sealed_name, 'base64')` },
  alsoReads: ['sealed_name'],
  show: (row, { cipher, onUnreadable }) =>
    fileOf(
      {
        id: row.id,
        sealedName: row.sealed_name,
        size: row.size_bytes,
        mime: row.mime,
        width: row.width,
        height: row.height,
        hasThumbnail: row.has_thumbnail,
        state: row.state,
        createdAt: row.created_at.toISOString(),
      },
      // Of those of emoji there are no events.
      row.chat_id ?? NIL_ID,
      cipher,
      onUnreadable,
    ),
  standIn: ({ subjectId, createdAt }) => ({
    id: subjectId ?? NIL_ID,
    name: UNREADABLE,
    size: 0,
    mime: 'application/octet-stream',
    width: null,
    height: null,
    hasThumbnail: false,
    state: 'Gone',
    createdAt,
  }),
};
