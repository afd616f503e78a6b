import type { BackoffOptions } from '../events/backoff.ts';
import type { Slice } from '../store/slice.ts';
import type { Message } from '../wire.ts';
import type { UnsentMessage } from './unsent-message.ts';

export interface OutboxOptions {
  /** The pauses between tries: 500 ms, doubling up to 15,000 ms, where nothing is said. */
  readonly backoff?: BackoffOptions;
}

export interface Sending {
  readonly clientId: string;
  /**
   * The message as the service keeps it. Rejects with the refusal, or with a `NotSentError`: it was cancelled, or
   * the outbox has ended.
   */
  readonly sent: Promise<Message>;
}

/**
 * Messages on their way: in order in each chat, each exactly once, also over failures and (with a storage) restarts. What
 * the storage does not take is kept in memory and sent all the same; `isKept` says so. It ends with its person's session:
 * then make another one. What it leaves is kept for that person, and sent by their next one.
 */
export interface Outbox {
  readonly unsent: Slice<readonly UnsentMessage[]>;
  /**
   * Takes a message; it is sent behind those of its chat that were taken before and are still `pending`. Throws a
   * `RangeError`, and takes nothing, where 1,000 are waiting.
   */
  send(message: { readonly chatId: string; readonly content: string }): Sending;
  /** Sends a `failed` one again, behind what is pending; false if there is none. */
  retry(clientId: string): boolean;
  /** Takes one back; false if it is on its way or sent. If an answer got lost before, it may stand all the same. */
  cancel(clientId: string): boolean;
  /** Calls back for each message that the service has acknowledged. What that throws is reported; returns a function that ends this. */
  onSent(listener: (message: Message, clientId: string) => unknown): () => void;
  /** Tries at once what waits for the next try. */
  hurry(): void;
  /** Stops sending. What is pending is kept for the person's next outbox: in the storage, or as long as the page lives. */
  close(): void;
}
