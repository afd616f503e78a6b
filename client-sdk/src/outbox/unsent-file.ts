import type { FileContent } from '../session/file-storage.ts';
import type { Reason } from '../wire.ts';

/** A file to send with a message. */
export interface NewFile {
  readonly content: FileContent;
  /**
   * Default: the name of the File, or `file`. Characters that the service refuses (controls, directional marks, slashes)
   * become `_`, and what is longer than 255 code units is cut before the ending.
   */
  readonly name?: string;
  /** Default: the type of the Blob. */
  readonly mime?: string;
  /** Keeps a picture as it is, with its location and camera. */
  readonly asFile?: boolean;
}

/** A file of a message that was not sent yet. */
export interface UnsentFile {
  /** Identifies it in its message. */
  readonly key: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Empty if it is not known. */
  readonly mime: string;
  readonly asFile: boolean;
  /** Undefined until it was read from the storage. */
  readonly content: FileContent | undefined;
  /**
   * `lost`: its content is not on this device any more, because the storage did not keep it or the file was changed or
   * deleted. `failed`: it was refused for good. In both cases its message has failed: remove the file, or cancel the message.
   */
  readonly state: 'waiting' | 'uploading' | 'uploaded' | 'failed' | 'lost';
  /** How much has arrived; it grows by parts of 8 MiB. */
  readonly sentBytes: number;
  /** Why it was refused or is retried; undefined if the service could not be reached, or something before it refused. */
  readonly reason: Reason | undefined;
  /** Its id at the service; null until the upload has begun. */
  readonly fileId: string | null;
}

/** Called with what has changed of a file. */
export type OnFileChange = (key: string, changed: Partial<UnsentFile>) => void;

const FILES_MAX = 100;
const MESSAGE_FILES_MAX = 10;
const NAME_MAX_CHARS = 255;
const NAME_END_CHARS = 20;
const MIME_MAX_CHARS = 127;
const MIME = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;
/** Controls, line separators, directional marks, surrogates without their half, and slashes. */
const REFUSED = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069/\\]/gu;

/**
 * The files of a new message, beside those that are waiting already. Throws a RangeError if a message does not have, or an
 * outbox does not take, so many.
 */
export function unsentFiles(given: readonly NewFile[], createdAt: Date, waitingCount: number): UnsentFile[] {
  if (given.length > MESSAGE_FILES_MAX) throw new RangeError(`a message has at most ${MESSAGE_FILES_MAX} files`);
  if (given.length > 0 && waitingCount + given.length > FILES_MAX)
    throw new RangeError(`${FILES_MAX} files are waiting to be sent`);
  // The time in it says when the file can be forgotten.
  return given.map((file, index) => unsentFile(`${createdAt.getTime().toString(36)}-${index}`, file));
}

/** A file as it is before its upload. */
function unsentFile(key: string, { content, name, mime, asFile = false }: NewFile): UnsentFile {
  const isBytes = content instanceof Uint8Array;
  const ownName = 'name' in content && typeof content.name === 'string' ? content.name : '';
  // A Blob's type may have parameters, which are not its type.
  const type = mime ?? (isBytes ? '' : (content.type.split(';')[0] ?? '').trim());
  return {
    key,
    name: acceptable(name ?? ownName),
    size: isBytes ? content.byteLength : content.size,
    mime: type.length <= MIME_MAX_CHARS && MIME.test(type) ? type : '',
    asFile,
    content,
    state: 'waiting',
    sentBytes: 0,
    reason: undefined,
    fileId: null,
  };
}

/** The name, as the service accepts it. */
function acceptable(given: string): string {
  const name = given.replaceAll(REFUSED, '_').trim();
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(name) || name === '.' || name === '..') return 'file';
  if (name.length <= NAME_MAX_CHARS) return name;
  const dot = name.lastIndexOf('.');
  const end = dot > 0 && name.length - dot <= NAME_END_CHARS ? name.slice(dot) : '';
  // A half of a pair at the cut is replaced.
  return name.slice(0, NAME_MAX_CHARS - end.length).replaceAll(REFUSED, '_') + end;
}
