import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { callIsolated } from '../report-error.ts';
import type { Message } from '../wire.ts';
import { newClientId } from './client-id.ts';
import { KeptMessages } from './kept-messages.ts';
import { NotSentError } from './not-sent.ts';
import type { Outbox, Sending } from './outbox.ts';
import { UnsentList } from './unsent-list.ts';
import type { UnsentMessage } from './unsent-message.ts';
import { isOddAnswer, retryAfterMs, verdictOn } from './verdict.ts';

const UNSENT_MAX = 1_000;

/** The outbox: one queue per chat, so that no chat waits for another. */
export class ChatQueues implements Outbox {
  readonly #client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #kept: KeptMessages;
  /** The person whose messages these are: nobody else sees or sends them. */
  readonly #userId: string | undefined;
  readonly #list = new UnsentList();
  readonly #onSent = new Set<(message: Message, clientId: string) => unknown>();
  readonly #busy = new Set<string>();
  readonly #stopListening: () => void;
  #restored: Promise<void>;
  #end: NotSentError | undefined;
  #lastMs = 0;
  #pause = new AbortController();

  constructor(client: FechatterClient, backoff: BackoffOptions) {
    this.#client = client;
    this.#backoff = backoff;
    this.#userId = client.session?.id;
    this.#kept = new KeptMessages(client.storage, this.#userId);
    this.#stopListening = client.onSessionEnded(() => this.#stop(new NotSentError('session_ended')));
    this.#restored = this.#restore();
  }

  get unsent(): Outbox['unsent'] {
    return this.#list.slice;
  }

  send({ chatId, content, threadId = null, quotedId = null, data = null }: Parameters<Outbox['send']>[0]): Sending {
    if (this.#list.size >= UNSENT_MAX) throw new RangeError(`${UNSENT_MAX} messages are waiting to be sent`);
    const clientId = newClientId();
    const sent = this.#list.settled(clientId);
    const createdAt = this.#now();
    const pending = { state: 'pending', isKept: false, isSending: false, reason: undefined } as const;
    this.#take({ clientId, chatId, threadId, content, quotedId, data, createdAt, ...pending });
    return { clientId, sent };
  }

  retry(clientId: string): boolean {
    const message = this.#list.get(clientId);
    if (message?.state !== 'failed') return false;
    this.#take({ ...message, state: 'pending', createdAt: this.#now() });
    return true;
  }

  cancel(clientId: string): boolean {
    const message = this.#list.get(clientId);
    if (message === undefined || message.isSending) return false;
    void this.#kept.cancel(clientId);
    this.#list.remove(clientId)?.reject(new NotSentError('cancelled'));
    return true;
  }

  onSent(listener: (message: Message, clientId: string) => unknown): () => void {
    this.#onSent.add(listener);
    return () => this.#onSent.delete(listener);
  }

  hurry(): void {
    this.#pause.abort();
    this.#pause = new AbortController();
    if (this.#kept.hasFailed) this.#restored = this.#restore();
    for (const chatId of this.#list.chatIds) void this.#drain(chatId);
  }

  close(): void {
    this.#stop(new NotSentError('closed'));
  }

  #stop(end: NotSentError): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#stopListening();
    this.#pause.abort();
    this.#list.clear(end);
  }

  /** Messages are ordered by these times, also after a restart. */
  #now(): Date {
    this.#lastMs = Math.max(Date.now(), this.#lastMs + 1);
    return new Date(this.#lastMs);
  }

  async #restore(): Promise<void> {
    const before = await this.#kept.all();
    if (this.#end !== undefined) return;
    this.#list.putFirst(before);
    for (const { chatId } of before) void this.#drain(chatId);
  }

  #take(message: UnsentMessage): void {
    this.#kept.remember(message);
    if (this.#end === undefined) this.#list.putLast(message);
    else this.#list.remove(message.clientId)?.reject(this.#end);
    void this.#restored.then(() => this.#keep(message)).then(() => this.#drain(message.chatId));
  }

  async #keep(message: UnsentMessage): Promise<void> {
    const isKept = await this.#kept.keep(message);
    const now = this.#list.get(message.clientId);
    if (now !== undefined && now.isKept !== isKept) this.#list.put({ ...now, isKept });
    // It was cancelled meanwhile.
    if (now === undefined && this.#end === undefined && isKept) await this.#kept.cancel(message.clientId);
  }

  /** Sends the waiting messages of one chat, one after the other. */
  async #drain(chatId: string): Promise<void> {
    if (this.#busy.has(chatId)) return;
    this.#busy.add(chatId);
    const backoff = new Backoff(this.#backoff);
    let oddAnswers = 0;
    try {
      for (let next = this.#next(chatId); next !== undefined; next = this.#next(chatId)) {
        const error = await this.#attempt(next);
        if (error === undefined) {
          backoff.reset();
          oddAnswers = 0;
          continue;
        }
        if (isOddAnswer(error)) oddAnswers += 1;
        if (verdictOn(error, oddAnswers) === 'again') await backoff.pause(this.#pause.signal, retryAfterMs(error));
        else {
          oddAnswers = 0;
          this.#fail(next.clientId, error);
        }
      }
    } finally {
      this.#busy.delete(chatId);
    }
  }

  #next(chatId: string): UnsentMessage | undefined {
    const isTheirs = this.#userId !== undefined && this.#client.session?.id === this.#userId;
    return isTheirs ? this.#list.next(chatId) : undefined;
  }

  /** Returns what was thrown; undefined if there is nothing more to send. */
  async #attempt(message: UnsentMessage): Promise<unknown> {
    const { clientId, chatId, content, threadId, quotedId, data } = message;
    this.#list.put({ ...message, isSending: true });
    try {
      const found = await this.#kept.find(clientId);
      if (found === 'cancelled') {
        this.#list.remove(clientId)?.reject(new NotSentError('cancelled'));
        return undefined;
      }
      if (found === 'absent') await this.#keep(message);
      // Only the service knows whether another tab has sent it: a repeat returns the stored message.
      const extras = {
        ...(threadId !== null && { threadId }),
        ...(quotedId !== null && { quotedId }),
        ...(data !== null && { data }),
      };
      const sent = await this.#client.message.send.mutate({ chatId, content, clientId, ...extras });
      const report = (error: unknown) => this.#client.reportError(error);
      for (const listener of Array.from(this.#onSent)) callIsolated(() => listener(sent, clientId), report);
      void this.#kept.drop(clientId);
      this.#list.remove(clientId)?.resolve(sent);
      return undefined;
    } catch (error) {
      this.#change(clientId, { isSending: false, reason: reasonOf(error) });
      return error ?? new Error('nothing was thrown');
    }
  }

  #fail(clientId: string, error: unknown): void {
    const failed = this.#change(clientId, { state: 'failed', reason: reasonOf(error) });
    this.#list.reject(clientId, error);
    if (failed === undefined) return;
    this.#kept.remember(failed);
    void this.#keep(failed);
  }

  #change(clientId: string, change: Partial<UnsentMessage>): UnsentMessage | undefined {
    const message = this.#list.get(clientId);
    const changed = message && { ...message, ...change };
    if (changed !== undefined) this.#list.put(changed);
    return changed;
  }
}
