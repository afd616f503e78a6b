import type { Reason } from '../wire.ts';

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
  /** By this device's clock. */
  readonly createdAt: Date;
  /** `failed`: the service has refused it for good, and other messages do not wait for it. Retry or cancel it. */
  readonly state: 'pending' | 'failed';
  /**
   * Whether the storage has it, so that it outlives this page or process. False: it is in memory only, and is sent as
   * well.
   */
  readonly isKept: boolean;
  /** Whether it is being sent at this moment: then it cannot be cancelled. */
  readonly isSending: boolean;
  /** Why it was refused or is retried; undefined if the service could not be reached. */
  readonly reason: Reason | undefined;
}
