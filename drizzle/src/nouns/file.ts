import type { File, FileState } from '@fechatter/contract';
import { UNREADABLE } from '@fechatter/contract';
import type { MessageCipher } from '../message-cipher.ts';

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

/** The noun of a file in a chat. A name that cannot be decrypted is shown as U+FFFD. */
export function fileOf(
  found: FoundFile,
  chatId: string,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): File {
  const { id, size, mime, width, height, hasThumbnail, state } = found;
  const name = nameOf(found, chatId, cipher, onUnreadable);
  return { id, name, size, mime, width, height, hasThumbnail, state, createdAt: new Date(found.createdAt) };
}

function nameOf(
  { id, sealedName }: FoundFile,
  chatId: string,
  cipher: MessageCipher,
  onUnreadable: (error: unknown) => void,
): string {
  if (sealedName === null) return UNREADABLE;
  try {
    return cipher.open(chatId, id, Buffer.from(sealedName, 'base64'));
  } catch (error) {
    onUnreadable(error);
    return UNREADABLE;
  }
}
