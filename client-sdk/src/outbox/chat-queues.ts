import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { slices } from '../store/slice.ts';
import type { Message } from '../wire.ts';
import { newClientId } from './client-id.ts';
import { KeptMessages } from './kept-messages.ts';
import type { Outbox, Sending } from './outbox.ts';
import type { UnsentMessage } from './unsent-message.ts';
import { isOddAnswer, retryAfterMs, verdictOn } from './verdict.ts';

interface Settling {
  resolve(message: Message): void;
  reject(error: unknown): void;
}

/** The outbox: a lane for each chat, so that none waits for another. */
export class ChatQueues implements Outbox {
  readonly unsent;
  readonly #client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #kept: KeptMessages;
  readonly #messages = new Map<string, UnsentMessage>();
  readonly #settlings = new Map<string, Settling>();
  readonly #onSent = new Set<(message: Message, clientId: string) => void>();
  readonly #busy = new Set<string>();
  readonly #restored: Promise<void>;
  #isClosed = false;
  #lastMs = 0;
  #pause = new AbortController();

  constructor(client: FechatterClient, backoff: BackoffOptions) {
    this.#client = client;
    this.#backoff = backoff;
    this.#kept = new KeptMessages(client.storage.items, client.session?.id ?? '');
    this.unsent = slices()((): readonly UnsentMessage[] => [...this.#messages.values()]);
    this.#restored = this.#restore().catch(() => {});
  }

  send({ chatId, content }: { readonly chatId: string; readonly content: string }): Sending {
    const clientId = newClientId();
    const sent = new Promise<Message>((resolve, reject) => this.#settlings.set(clientId, { resolve, reject }));
    // Whoever looks at the state needs no promise.
    sent.catch(() => {});
    // Their order is that of their times, also after a restart.
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    const createdAt = new Date(this.#lastMs);
    this.#take({ clientId, chatId, content, createdAt, state: 'pending', isSending: false, reason: undefined });
    return { clientId, sent };
  }

  retry(clientId: string): boolean {
    const message = this.#messages.get(clientId);
    if (message?.state !== 'failed') return false;
    this.#messages.delete(clientId);
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    this.#take({ ...message, state: 'pending', createdAt: new Date(this.#lastMs) });
    return true;
  }

  cancel(clientId: string): boolean {
    const message = this.#messages.get(clientId);
    if (message === undefined || message.isSending) return false;
    this.#remove(clientId)?.reject(new Error('the message was cancelled'));
    return true;
  }

  onSent(listener: (message: Message, clientId: string) => void): () => void {
    this.#onSent.add(listener);
    return () => this.#onSent.delete(listener);
  }

  hurry(): void {
    this.#pause.abort();
    this.#pause = new AbortController();
    for (const { chatId } of this.#messages.values()) void this.#drain(chatId);
  }

  close(): void {
    this.#isClosed = true;
    this.#pause.abort();
  }

  async #restore(): Promise<void> {
    const before = await this.#kept.all();
    const since = [...this.#messages.values()];
    const isNew = new Set(since.map(({ clientId }) => clientId));
    this.#messages.clear();
    for (const message of [...before.filter(({ clientId }) => !isNew.has(clientId)), ...since])
      this.#messages.set(message.clientId, message);
    this.unsent.invalidate();
    for (const { chatId } of before) void this.#drain(chatId);
  }

  #take(message: UnsentMessage): void {
    this.#put(message);
    void this.#restored
      .then(() => this.#kept.keep(message))
      .catch(() => {})
      .then(() => this.#drain(message.chatId));
  }

  /** Sends what waits in one chat, one after the other. */
  async #drain(chatId: string): Promise<void> {
    if (this.#busy.has(chatId)) return;
    this.#busy.add(chatId);
    const backoff = new Backoff(this.#backoff);
    let oddAnswers = 0;
    try {
      for (let next = this.#next(chatId); next !== undefined && !this.#isClosed; next = this.#next(chatId)) {
        const error = await this.#attempt(next);
        if (error === undefined) {
          backoff.reset();
          oddAnswers = 0;
          continue;
        }
        if (isOddAnswer(error)) oddAnswers += 1;
        const verdict = verdictOn(error, oddAnswers);
        if (verdict === 'signed_out') return;
        if (verdict === 'again') await backoff.pause(this.#pause.signal, retryAfterMs(error));
        else oddAnswers = 0;
        if (verdict === 'failed') await this.#fail(next, error);
      }
    } finally {
      this.#busy.delete(chatId);
    }
  }

  #next(chatId: string): UnsentMessage | undefined {
    return [...this.#messages.values()].find((message) => message.chatId === chatId && message.state === 'pending');
  }

  /** Returns what was thrown; undefined: nothing more is to be sent. */
  async #attempt(message: UnsentMessage): Promise<unknown> {
    const { clientId, chatId, content } = message;
    this.#put({ ...message, isSending: true });
    try {
      if (await this.#kept.isGone(clientId)) {
        this.#remove(clientId)?.reject(new Error('the message was sent or cancelled in another tab'));
        return undefined;
      }
      const sent = await this.#client.message.send.mutate({ chatId, content, clientId });
      for (const listener of this.#onSent) listener(sent, clientId);
      this.#remove(clientId)?.resolve(sent);
      return undefined;
    } catch (error) {
      this.#put({ ...message, isSending: false, reason: reasonOf(error) });
      return error ?? new Error('nothing was thrown');
    }
  }

  async #fail(message: UnsentMessage, error: unknown): Promise<void> {
    const failed: UnsentMessage = { ...message, state: 'failed', isSending: false, reason: reasonOf(error) };
    this.#put(failed);
    this.#settlings.get(message.clientId)?.reject(error);
    await Promise.resolve(this.#kept.keep(failed)).catch(() => {});
  }

  #put(message: UnsentMessage): void {
    this.#messages.set(message.clientId, message);
    this.unsent.invalidate();
  }

  #remove(clientId: string): Settling | undefined {
    this.#messages.delete(clientId);
    this.unsent.invalidate();
    void Promise.resolve(this.#kept.drop(clientId)).catch(() => {});
    const settling = this.#settlings.get(clientId);
    this.#settlings.delete(clientId);
    return settling;
  }
}
