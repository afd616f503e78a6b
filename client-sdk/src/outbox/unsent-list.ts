import { type OwnSlice, type Slice, slices } from '../store/slice.ts';
import type { Message } from '../wire.ts';
import type { UnsentMessage } from './unsent-message.ts';

interface Settling {
  resolve(message: Message): void;
  reject(error: unknown): void;
}

/** The messages of an outbox in sending order, with the promises that wait for them. */
export class UnsentList {
  readonly #messages = new Map<string, UnsentMessage>();
  readonly #settlings = new Map<string, Settling>();
  readonly #slice: OwnSlice<readonly UnsentMessage[]>;

  constructor() {
    this.#slice = slices()((): readonly UnsentMessage[] => [...this.#messages.values()]);
  }

  get slice(): Slice<readonly UnsentMessage[]> {
    return this.#slice;
  }

  get size(): number {
    return this.#messages.size;
  }

  get fileCount(): number {
    return [...this.#messages.values()].reduce((sum, { files }) => sum + files.length, 0);
  }

  get chatIds(): ReadonlySet<string> {
    return new Set([...this.#messages.values()].map(({ chatId }) => chatId));
  }

  get(clientId: string): UnsentMessage | undefined {
    return this.#messages.get(clientId);
  }

  /** The next message of a chat that waits to be sent. */
  next(chatId: string): UnsentMessage | undefined {
    return [...this.#messages.values()].find((message) => message.chatId === chatId && message.state === 'pending');
  }

  /** Settles when the message is sent, or when it is certain that it will not be. */
  settled(clientId: string): Promise<Message> {
    const sent = new Promise<Message>((resolve, reject) => this.#settlings.set(clientId, { resolve, reject }));
    // An app that reads the state needs no promise.
    sent.catch(() => {});
    return sent;
  }

  put(message: UnsentMessage): void {
    this.#messages.set(message.clientId, message);
    this.#slice.invalidate();
  }

  putLast(message: UnsentMessage): void {
    this.#messages.delete(message.clientId);
    this.put(message);
  }

  /** Puts messages before all others; messages that are in the list already stay as they are. */
  putFirst(messages: readonly UnsentMessage[]): void {
    const since = [...this.#messages.values()];
    this.#messages.clear();
    for (const message of messages) this.put(message);
    for (const message of since) this.putLast(message);
  }

  reject(clientId: string, error: unknown): void {
    this.#settlings.get(clientId)?.reject(error);
  }

  remove(clientId: string): Settling | undefined {
    this.#messages.delete(clientId);
    this.#slice.invalidate();
    const settling = this.#settlings.get(clientId);
    this.#settlings.delete(clientId);
    return settling;
  }

  clear(error: unknown): void {
    this.#messages.clear();
    this.#slice.invalidate();
    for (const settling of this.#settlings.values()) settling.reject(error);
    this.#settlings.clear();
  }
}
