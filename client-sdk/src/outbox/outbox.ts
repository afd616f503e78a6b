import type { BackoffOptions } from '../events/backoff.ts';
import type { Slice } from '../store/slice.ts';
import type { Message } from '../wire.ts';
import type { NewFile } from './unsent-file.ts';
import type { UnsentMessage } from './unsent-message.ts';

export interface OutboxOptions {
  /** The pauses between attempts. Default: 500 ms, doubling up to 15,000 ms. */
  readonly backoff?: BackoffOptions;
}

/** What a message can have besides its text. */
export interface MessageExtras {
  /** The message of the chat that it quotes. */
  readonly quotedId?: string | null;
  /** What your app stores with the text: up to 4,096 characters that everyone who sees the message gets. */
  readonly data?: string | null;
  /**
   * Up to 10 files, which are uploaded before it is sent; its text can then be empty. The messages of the chat that come
   * after it wait for that.
   */
  readonly files?: readonly NewFile[];
}

interface NewMessage extends MessageExtras {
  readonly chatId: string;
  readonly content: string;
  readonly threadId?: string | null;
}

export interface Sending {
  readonly clientId: string;
  /**
   * Resolves with the message as the service stored it. Rejects with the refusal, or with a `NotSentError` if the
   * message was cancelled or the outbox has ended.
   */
  readonly sent: Promise<Message>;
}

/**
 * Sends messages in order in each chat, each exactly once, also after failures and (with a storage) restarts, where an
 * upload continues after the last part that arrived. Messages and files that the storage does not accept are kept in
 * memory and sent as well; `isKept` shows which. An outbox ends with its
 * person's session: then create another one. Its unsent messages are kept for that person, whose next outbox sends
 * them.
 */
export interface Outbox {
  readonly unsent: Slice<readonly UnsentMessage[]>;
  /**
   * Queues a message; it is sent after those of its chat that are still `pending`. Throws a `RangeError` if 1,000
   * messages or 100 files are waiting, or if it has more than 10 files. With a `threadId` it is a reply to that message.
   */
  send(message: NewMessage): Sending;
  /** Sends a `failed` message again, after the pending ones; false if there is none with this id. */
  retry(clientId: string): boolean;
  /**
   * Cancels a message; false if it is being sent or was sent. If an earlier response was lost, the message may exist
   * nevertheless.
   */
  cancel(clientId: string): boolean;
  /**
   * Takes a file off a message, by its `key`, and ends its upload; false if there is none, or if the message is being
   * sent. A message without text and other files is cancelled. A `failed` one stays so until it is retried.
   */
  removeFile(clientId: string, key: string): boolean;
  /**
   * Loads the code that files need, which otherwise happens with the first one: call it while there is a connection, so
   * that files can be sent and kept when there is none. Rejects if it cannot be loaded.
   */
  prepareFiles(): Promise<void>;
  /**
   * Calls the listener for each message that the service has acknowledged; its errors are reported. Returns a function
   * that removes it.
   */
  onSent(listener: (message: Message, clientId: string) => unknown): () => void;
  /** Retries at once what waits for its next attempt. */
  hurry(): void;
  /**
   * Stops sending. Pending messages are kept for the person's next outbox: in the storage, or else as long as the page
   * lives.
   */
  close(): void;
}
