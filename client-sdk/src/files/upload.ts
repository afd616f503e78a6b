import type { FechatterClient } from '../create-fechatter.ts';
import type { File as ChatFile } from '../wire.ts';
import { Lanes } from './lanes.ts';
import { persistently } from './persistently.ts';
import { responseError } from './response-error.ts';

/** The chat that a file is going to be sent in, or the workspace whose emoji it becomes. */
export type UploadPlace =
  | { readonly chatId: string; readonly workspaceId?: undefined }
  | { readonly workspaceId: string; readonly chatId?: undefined };

/** What to upload: a File or Blob of a browser, Node or React Native, or bytes. */
export type UploadInput = UploadPlace & {
  readonly content: Blob | Uint8Array<ArrayBuffer>;
  /** Needed unless `content` is a File. */
  readonly name?: string;
  /** Default: the type of the Blob. */
  readonly mime?: string;
  /** Keeps a picture as it is. */
  readonly asFile?: boolean;
};

/** How far an upload has come; it grows by parts of 8 MiB. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface UploadOptions {
  /** Called after each part. */
  readonly onProgress?: (progress: UploadProgress) => unknown;
  /** Called with the id of the upload: keep it to continue after a restart. A promise that it returns is waited for. */
  readonly onBegun?: (fileId: string) => unknown;
  /** An upload of the same content that was begun before. */
  readonly fileId?: string;
  /** Pauses the upload: what has arrived stays for a day. */
  readonly signal?: AbortSignal;
}

/** What the caller of an upload shares with other uploads. */
export interface UploadManners {
  /** In which the parts wait for their turn. Default: three at once. */
  readonly lanes?: Lanes;
  /** How often each call is tried. */
  readonly attemptsMax?: number;
}

export const PARTS_AT_ONCE = 3;

interface Begun {
  readonly fileId: string;
  readonly partSize: number;
  readonly received: ReadonlySet<number>;
}

/** Uploads a file: starts or continues it, sends the parts that are missing, and finishes it. */
export async function upload(
  client: FechatterClient,
  input: UploadInput,
  { onProgress, onBegun, fileId, signal }: UploadOptions = {},
  { lanes = new Lanes(PARTS_AT_ONCE), attemptsMax }: UploadManners = {},
): Promise<ChatFile> {
  signal?.throwIfAborted();
  const totalBytes = sizeOf(input.content);
  const begun = fileId === undefined ? await begin(client, input, totalBytes) : await goOn(client, fileId, totalBytes);
  if ('state' in begun) return begun;
  await onBegun?.(begun.fileId);
  signal?.throwIfAborted();
  const { partSize, received } = begun;
  const partBytes = (part: number) => Math.min(partSize, totalBytes - (part - 1) * partSize);
  const parts = Array.from({ length: Math.ceil(totalBytes / partSize) }, (_, index) => index + 1);
  let sentBytes = parts.reduce((sum, part) => sum + (received.has(part) ? partBytes(part) : 0), 0);
  const missing = parts.filter((part) => !received.has(part));
  // The first that fails ends the others.
  const failed = new AbortController();
  const anySignal = signal === undefined ? failed.signal : eitherOf(signal, failed);
  const sender = async () => {
    for (let part = missing.shift(); part !== undefined; part = missing.shift()) {
      const at = (part - 1) * partSize;
      const send = () => sendPart(client, begun.fileId, part, input.content.slice(at, at + partSize), anySignal);
      await persistently(() => lanes.run(send), anySignal, attemptsMax);
      sentBytes += partBytes(part);
      onProgress?.({ sentBytes, totalBytes });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sender));
    return await persistently(() => client.file.finish.mutate({ fileId: begun.fileId }), anySignal, attemptsMax);
  } finally {
    failed.abort();
  }
}

const sizeOf = (content: UploadInput['content']) => (content instanceof Uint8Array ? content.byteLength : content.size);

async function begin(
  client: FechatterClient,
  { chatId, workspaceId, content, name = nameOf(content), mime = typeOf(content), asFile }: UploadInput,
  size: number,
): Promise<Begun> {
  const place = chatId === undefined ? { workspaceId } : { chatId };
  const named = { ...place, name, size, ...(mime && { mime }), ...(asFile !== undefined && { asFile }) };
  const { fileId, partSize } = await client.file.begin.mutate(named);
  return { fileId, partSize, received: new Set() };
}

async function goOn(client: FechatterClient, fileId: string, totalBytes: number): Promise<Begun | ChatFile> {
  const [{ partsReceived, ...file }, { limits }] = await Promise.all([
    client.file.status.query({ fileId }),
    client.info.get.query(),
  ]);
  if (file.size !== totalBytes) throw new Error(`the upload ${fileId} is of ${file.size} bytes, not of ${totalBytes}`);
  if (partsReceived === undefined) return file;
  return { fileId, partSize: limits.filePartBytes, received: new Set(partsReceived) };
}

const nameOf = (content: UploadInput['content']) =>
  'name' in content && typeof content.name === 'string' ? content.name : '';
/** A Blob's type may have parameters, which are not its type. */
const typeOf = (content: UploadInput['content']) =>
  content instanceof Uint8Array ? '' : (content.type.split(';')[0] ?? '').trim();

async function sendPart(
  client: FechatterClient,
  fileId: string,
  part: number,
  body: Blob | Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  const response = await client.fetch(`/api/files/${fileId}/parts/${part}`, {
    method: 'PUT',
    // A Blob's own type would make some platforms send it as a form.
    headers: { 'content-type': 'application/octet-stream' },
    body,
    signal,
  });
  if (!response.ok) throw await responseError(response);
}

/** `AbortSignal.any` is missing on some platforms. */
function eitherOf(outer: AbortSignal, inner: AbortController): AbortSignal {
  const pass = () => inner.abort(outer.reason);
  if (outer.aborted) pass();
  else outer.addEventListener('abort', pass, { once: true });
  inner.signal.addEventListener('abort', () => outer.removeEventListener('abort', pass), { once: true });
  return inner.signal;
}
