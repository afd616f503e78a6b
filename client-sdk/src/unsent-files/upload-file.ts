import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';
import { isRefusedOnItsWay } from '../files/persistently.ts';
import { upload, type UploadManners } from '../files/upload.ts';
import { NotSentError } from '../outbox/not-sent.ts';
import type { OnFileChange, UnsentFile } from '../outbox/unsent-file.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import { verdictOn } from '../outbox/verdict.ts';
import type { FileContent } from '../session/file-storage.ts';
import { inTurn } from './in-turn.ts';
import type { KeptFiles } from './kept-files.ts';

export interface FileUpload {
  readonly client: FechatterClient;
  readonly kept: KeptFiles;
  readonly manners: UploadManners;
  readonly message: UnsentMessage;
  readonly file: UnsentFile;
  readonly signal: AbortSignal;
  readonly onChange: OnFileChange;
}

/** How often a file whose upload is gone at the service is begun again. */
const RESTARTS_MAX = 2;

/** Another tab has begun to upload the same file. */
class BegunElsewhere extends Error {}

/** Uploads a file of a message, or what is missing of it; returns its id. Rejects if it was refused or has to be tried again. */
export async function uploadFile(task: FileUpload): Promise<string> {
  const { kept, message, file, signal, onChange } = task;
  if (file.state === 'uploaded' && file.fileId !== null) return file.fileId;
  const change = (changed: Partial<UnsentFile>) => onChange(file.key, changed);
  const content = file.content ?? (await kept.content(message.clientId, file.key));
  if (content === undefined) {
    change({ state: 'lost' });
    throw new NotSentError('file_lost');
  }
  change({ content, state: 'uploading', reason: undefined });
  try {
    const fileId = await inTurn(`fechatter.upload.${message.clientId}.${file.key}`, signal, () =>
      begunOrBeginning(task, content, change),
    );
    change({ state: 'uploaded', sentBytes: file.size, fileId });
    return fileId;
  } catch (error) {
    if (signal.aborted) {
      change({ state: 'waiting' });
      throw error;
    }
    const end = await endOf(error, content);
    const isLost = end instanceof NotSentError && end.reason === 'file_lost';
    change({ state: isLost ? 'lost' : verdictOn(end, 0) === 'failed' ? 'failed' : 'waiting', reason: reasonOf(error) });
    throw end;
  }
}

/** Goes on with the upload that was begun, or begins one; again, if it is gone at the service. */
async function begunOrBeginning(
  { client, kept, manners, message, file, signal }: FileUpload,
  content: FileContent,
  change: (changed: Partial<UnsentFile>) => void,
): Promise<string> {
  const { chatId, clientId } = message;
  const { key, name, mime, asFile } = file;
  const input = { chatId, content, name, mime, ...(asFile && { asFile }) };
  let fileId = (await kept.uploadId(clientId, key)) ?? file.fileId;
  const onBegun = async (begunId: string) => {
    if (begunId === fileId) return;
    const mine = await kept.setUploadId(clientId, key, fileId, begunId);
    fileId = mine;
    change({ fileId });
    if (mine === begunId) return;
    void client.file.cancel.mutate({ fileId: begunId }).catch(() => {});
    throw new BegunElsewhere();
  };
  const onProgress = ({ sentBytes }: { readonly sentBytes: number }) => change({ sentBytes });
  for (let restarts = 0; ; restarts += 1) {
    try {
      const options = { onBegun, onProgress, signal, ...(fileId !== null && { fileId }) };
      return (await upload(client, input, options, manners)).id;
    } catch (error) {
      const isGone = fileId !== null && reasonOf(error) === 'file_not_found';
      if (restarts === RESTARTS_MAX || !(isGone || error instanceof BegunElsewhere)) throw error;
      if (isGone) fileId = await kept.setUploadId(clientId, key, fileId, null);
    }
  }
}

/** What ended an upload: a content that cannot be read fails as a broken connection does. */
async function endOf(error: unknown, content: FileContent): Promise<unknown> {
  if (isRefusedOnItsWay(error)) return new NotSentError('file_refused');
  return reasonOf(error) === undefined && !(await isReadable(content)) ? new NotSentError('file_lost') : error;
}

async function isReadable(content: FileContent): Promise<boolean> {
  if (content instanceof Uint8Array || typeof content.arrayBuffer !== 'function') return true;
  return content
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
