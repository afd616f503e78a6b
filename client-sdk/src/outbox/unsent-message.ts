import type { Reason } from '../wire.ts';
import type { UnsentFile } from './unsent-file.ts';

/** A message that the service has not acknowledged yet. */
export interface UnsentMessage {
  /** The id by which the service knows it: however often it is sent, it exists once. */
  readonly clientId: string;
  readonly chatId: string;
  /** The root of the thread that it replies in; null in the main timeline. */
  readonly threadId: string | null;
  /** The message that it quotes. */
  readonly quotedId: string | null;
  /** What your app stores with its text. */
  readonly data: string | null;
  readonly content: string;
  /** They are uploaded before it is sent. */
  readonly files: readonly UnsentFile[];
  /** By this device's clock. */
  readonly createdAt: Date;
  /**
   * `failed`: the service has refused it or one of its `files` for good, and other messages do not wait for it. Retry or
   * cancel it.
   */
  readonly state: 'pending' | 'failed';
  /**
   * Whether the storage has it and the content of its files, so that it outlives this page or process. False: it is, or
   * the files are, in memory only, and it is sent as well.
   */
  readonly isKept: boolean;
  /** Whether it is being sent at this moment: then it cannot be cancelled. While its files are uploaded it can. */
  readonly isSending: boolean;
  /** Why it was refused or is retried; undefined if the service could not be reached. */
  readonly reason: Reason | undefined;
}
