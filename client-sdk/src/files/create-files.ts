import type { FechatterClient } from '../create-fechatter.ts';
import type { File as ChatFile, Emoji } from '../wire.ts';
import { createEmoji, type EmojiInput } from './create-emoji.ts';
import { responseError } from './response-error.ts';
import { Tickets } from './tickets.ts';
import { upload, type UploadInput, type UploadOptions } from './upload.ts';

/** Uploading and downloading with a client. */
export interface Files {
  /**
   * Uploads a file into a chat, in parts that are sent again after an interruption; then send a message with its id in
   * `fileIds`. Rejects if it was refused, if the connection is gone for too long, or if `signal` aborts. Call it again with
   * the `fileId` that `onBegun` reported to continue it, also after a restart; `client.file.cancel` cancels the upload.
   */
  upload(input: UploadInput, options?: UploadOptions): Promise<ChatFile>;
  /**
   * An address of a file for pages: for `src` and links. It works for at least five minutes, for this session, and only as
   * long as this person can read the file. The ticket in it is shared by all files. With `isThumbnail`, that of its small
   * picture: of a file with `hasThumbnail`.
   */
  urlOf(fileId: string, options?: { readonly isThumbnail?: boolean }): Promise<string>;
  /** The same at once, for rendering; undefined if it has to be asked for. */
  knownUrlOf(fileId: string, options?: { readonly isThumbnail?: boolean }): string | undefined;
  /**
   * Gives a workspace an emoji, for Admins and Owners: uploads its picture, waits until the service has made it small, and
   * creates it. Rejects with `not_a_picture`, `emoji_taken` and what else `client.emoji.create` refuses with.
   */
  createEmoji(input: EmojiInput, options?: { readonly signal?: AbortSignal }): Promise<Emoji>;
  /** Downloads a file, or a range of it (`bytes=0-1023`). The response is ok; a refusal rejects. */
  download(fileId: string, options?: { readonly range?: string; readonly signal?: AbortSignal }): Promise<Response>;
}

/** Creates the uploader and downloader of files for the person who is signed in. */
export function createFiles(client: FechatterClient): Files {
  const tickets = new Tickets(client);
  return {
    upload: (input, options) => upload(client, input, options),
    createEmoji: (input, { signal = new AbortController().signal } = {}) => createEmoji(client, input, signal),
    async urlOf(fileId, { isThumbnail = false } = {}) {
      return addressOf(await tickets.urlOf(fileId), isThumbnail);
    },
    knownUrlOf(fileId, { isThumbnail = false } = {}) {
      const url = tickets.knownUrlOf(fileId);
      return url === undefined ? undefined : addressOf(url, isThumbnail);
    },
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

const addressOf = (url: string, isThumbnail: boolean) => (isThumbnail ? `${url}&thumbnail=1` : url);
