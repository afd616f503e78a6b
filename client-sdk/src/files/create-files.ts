import type { FechatterClient } from '../create-fechatter.ts';
import type { File as ChatFile } from '../wire.ts';
import { responseError } from './response-error.ts';
import { Tickets } from './tickets.ts';
import { upload, type UploadInput, type UploadOptions } from './upload.ts';

/** Uploading and downloading with a client. */
export interface Files {
  /**
   * Uploads a file into a chat, in parts that are sent again after an interruption; then send a message with its id in
   * `fileIds`. Rejects if it was refused, if the connection is gone for too long, or if `signal` aborts. Call it again with
   * the `fileId` that `onBegun` told to go on, also after a restart; `client.file.cancel` gives the upload up.
   */
  upload(input: UploadInput, options?: UploadOptions): Promise<ChatFile>;
  /**
   * An address of a file for pages: for `src` and links. It works for at least five minutes, for this session, and only as
   * long as this person can read the file. The ticket in it is shared by all files.
   */
  urlOf(fileId: string): Promise<string>;
  /** Downloads a file, or a range of it (`bytes=0-1023`). The response is ok; a refusal rejects. */
  download(fileId: string, options?: { readonly range?: string; readonly signal?: AbortSignal }): Promise<Response>;
}

/** Creates what uploads and downloads files for the person who is signed in. */
export function createFiles(client: FechatterClient): Files {
  const tickets = new Tickets(client);
  return {
    upload: (input, options) => upload(client, input, options),
    urlOf: (fileId) => tickets.urlOf(fileId),
    async download(fileId, { range, signal } = {}) {
      const response = await client.fetch(`/f/${fileId}`, {
        ...(range !== undefined && { headers: { range } }),
        ...(signal && { signal }),
      });
      if (!response.ok) throw await responseError(response);
      return response;
    },
  };
}
