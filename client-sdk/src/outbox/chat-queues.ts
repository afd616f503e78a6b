import type { FechatterClient } from '../create-fechatter.ts';
import { reasonOf } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { callIsolated } from '../report-error.ts';
import type { Message } from '../wire.ts';
import { newClientId } from './client-id.ts';
import { KeptMessages } from './kept-messages.ts';
import { MessageFiles } from './message-files.ts';
import { NotSentError } from './not-sent.ts';
import type { Outbox, Sending } from './outbox.ts';
import { unsentFiles } from './unsent-file.ts';
import { UnsentList } from './unsent-list.ts';
import type { UnsentMessage } from './unsent-message.ts';
import { isUnexpectedResponse, retryAfterMs, verdictOn } from './verdict.ts';

const UNSENT_MAX = 1_000;

/** The outbox: one queue per chat, so that no chat waits for another. */
export class ChatQueues implements Outbox {
  readonly #client: FechatterClient;
  readonly #backoff: BackoffOptions;
  readonly #kept: KeptMessages;
  /** The person whose messages these are; no one else sees or sends them. */
  readonly #userId: string | undefined;
  readonly #list = new UnsentList();
  readonly #files: MessageFiles;
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
    this.#files = new MessageFiles(
      client,
      this.#userId,
      (clientId, key, changed) =>
        this.#change(clientId, ({ files }) => ({
          files: files.map((file) => (file.key === key ? { ...file, ...changed } : file)),
        })),
      (clientId) => this.#kept.has(clientId),
    );
    this.#stopListening = client.onSessionEnded(() => this.#stop(new NotSentError('session_ended')));
    this.#restored = this.#restore();
  }

  get unsent(): Outbox['unsent'] {
    return this.#list.slice;
  }

  send({
    chatId,
    content,
    threadId = null,
    quotedId = null,
    data = null,
    files: given = [],
  }: Parameters<Outbox['send']>[0]): Sending {
    if (this.#list.size >= UNSENT_MAX) throw new RangeError(`${UNSENT_MAX} messages are waiting to be sent`);
    const createdAt = this.#now();
    const files = unsentFiles(given, createdAt, this.#list.fileCount);
    const clientId = newClientId();
    const sent = this.#list.settled(clientId);
    const pending = { state: 'pending', isKept: false, isSending: false, reason: undefined } as const;
    this.#take({ clientId, chatId, threadId, content, quotedId, data, files, createdAt, ...pending });
    return { clientId, sent };
  }

  retry(clientId: string): boolean {
    const message = this.#list.get(clientId);
    if (message?.state !== 'failed') return false;
    const files = message.files.map((file) =>
      file.state === 'failed' || file.state === 'lost' ? { ...file, state: 'waiting' as const } : file,
    );
    this.#take({ ...message, files, state: 'pending', createdAt: this.#now() });
    return true;
  }

  cancel(clientId: string): boolean {
    const message = this.#list.get(clientId);
    if (message === undefined || message.isSending) return false;
    void this.#kept.cancel(clientId);
    this.#forget(message);
    return true;
  }

  removeFile(clientId: string, key: string): boolean {
    const message = this.#list.get(clientId);
    const removed = message?.files.filter((file) => file.key === key) ?? [];
    if (message === undefined || message.isSending || removed.length === 0) return false;
    if (message.files.length === 1 && message.content.trim() === '') return this.cancel(clientId);
    const left = this.#change(clientId, ({ files }) => ({ files: files.filter((file) => file.key !== key) }));
    if (left !== undefined) void this.#keep(left);
    this.#files.cancel(clientId, removed);
    return true;
  }

  prepareFiles(): Promise<void> {
    return this.#files.prepare();
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
    this.#files.stop();
    this.#list.clear(end);
  }

  /** It was cancelled, here or in another tab. */
  #forget({ clientId, files }: UnsentMessage): void {
    this.#list.remove(clientId)?.reject(new NotSentError('cancelled'));
    this.#files.cancel(clientId, files);
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
    void this.#files.read(before);
  }

  #take(message: UnsentMessage): void {
    this.#kept.remember(message);
    if (this.#end === undefined) this.#list.putLast(message);
    else this.#list.remove(message.clientId)?.reject(this.#end);
    void this.#restored.then(() => this.#keep(message)).then(() => this.#drain(message.chatId));
  }

  async #keep(message: UnsentMessage): Promise<void> {
    const { clientId, files } = message;
    // First the text: it is small, and the most of what a person has written.
    const isTextKept = await this.#kept.keep(message);
    const isKept = (await this.#files.keep(message)) && isTextKept;
    if (this.#list.get(clientId)?.isKept !== isKept) this.#change(clientId, () => ({ isKept }));
    if (this.#list.get(clientId) !== undefined || (this.#end !== undefined && (await this.#kept.has(clientId)))) return;
    // It was cancelled meanwhile, or discarded by the sign-out.
    if (isTextKept) await this.#kept.cancel(clientId);
    this.#files.cancel(clientId, files);
  }

  /** Sends the waiting messages of one chat, one after the other. */
  async #drain(chatId: string): Promise<void> {
    if (this.#busy.has(chatId)) return;
    this.#busy.add(chatId);
    const backoff = new Backoff(this.#backoff);
    let unexpectedResponses = 0;
    try {
      for (let next = this.#next(chatId); next !== undefined; next = this.#next(chatId)) {
        const error = await this.#attempt(next);
        if (error === undefined) {
          backoff.reset();
          unexpectedResponses = 0;
          continue;
        }
        if (isUnexpectedResponse(error)) unexpectedResponses += 1;
        if (verdictOn(error, unexpectedResponses) === 'again')
          await backoff.pause(this.#pause.signal, retryAfterMs(error));
        else {
          unexpectedResponses = 0;
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

  /** Returns what was thrown; undefined if there is nothing more to send, or if it was stopped. */
  async #attempt(message: UnsentMessage): Promise<unknown> {
    const { clientId, chatId, content, threadId, quotedId, data } = message;
    const hasFiles = message.files.length > 0;
    this.#list.put({ ...message, isSending: !hasFiles });
    try {
      if (await this.#isCancelled(message)) return undefined;
      const fileIds = hasFiles ? await this.#uploaded(clientId) : [];
      if (fileIds === undefined || this.#change(clientId, () => ({ isSending: true })) === undefined) return undefined;
      // Only the service knows whether another tab has sent it: a repeat returns the stored message.
      const extras = {
        ...(threadId !== null && { threadId }),
        ...(quotedId !== null && { quotedId }),
        ...(data !== null && { data }),
        ...(fileIds.length > 0 && { fileIds: [...fileIds] }),
      };
      const sent = await this.#client.message.send.mutate({ chatId, content, clientId, ...extras });
      const report = (error: unknown) => this.#client.reportError(error);
      for (const listener of Array.from(this.#onSent)) callIsolated(() => listener(sent, clientId), report);
      void this.#kept.drop(clientId, fileIds);
      this.#files.drop(message);
      this.#list.remove(clientId)?.resolve(sent);
      return undefined;
    } catch (error) {
      const failed = this.#change(clientId, () => ({ isSending: false, reason: reasonOf(error) }));
      if (failed !== undefined && (await this.#files.renew(failed, error)))
        return new Error('the files are uploaded again', { cause: error });
      return error ?? new Error('nothing was thrown');
    }
  }

  /**
   * Whether another tab has cancelled it. What the storage has lost, it gets again; what another tab has sent gets the files
   * of that, because the service takes a repeat with others for another message.
   */
  async #isCancelled(message: UnsentMessage): Promise<boolean> {
    const { clientId } = message;
    const found = await this.#kept.find(clientId);
    if (found === undefined) await this.#keep(message);
    else if ('content' in found) {
      // Another tab has removed files.
      if (found.files.length < message.files.length)
        this.#change(clientId, ({ files }) => ({
          files: files.filter(({ key }) => found.files.some((file) => file.key === key)),
        }));
    } else if (found.fileIds === undefined) this.#forget(message);
    else {
      const { fileIds } = found;
      this.#change(clientId, ({ files }) => ({
        files: files
          .slice(0, fileIds.length)
          .map((file, at) => ({ ...file, state: 'uploaded', fileId: fileIds[at] ?? null })),
      }));
    }
    return this.#list.get(clientId) === undefined;
  }

  /** Uploads the files of a message; undefined if that was stopped, or if the message was cancelled. */
  async #uploaded(clientId: string): Promise<readonly string[] | undefined> {
    const before = this.#list.get(clientId);
    const fileIds = before && (await this.#files.upload(before));
    const now = this.#list.get(clientId);
    const isSame = now?.files.length === before?.files.length;
    if (fileIds === undefined || now === undefined || !isSame || (await this.#isCancelled(now))) return undefined;
    return this.#list.get(clientId)?.files.flatMap(({ fileId }) => fileId ?? []);
  }

  #fail(clientId: string, error: unknown): void {
    const failed = this.#change(clientId, () => ({ state: 'failed', reason: reasonOf(error) }));
    this.#list.reject(clientId, error);
    if (failed === undefined) return;
    this.#kept.remember(failed);
    void this.#keep(failed);
  }

  /** Changes a message that is still there. */
  #change(clientId: string, to: (message: UnsentMessage) => Partial<UnsentMessage>): UnsentMessage | undefined {
    const message = this.#list.get(clientId);
    const changed = message && { ...message, ...to(message) };
    if (changed === undefined) return undefined;
    this.#list.put(changed);
    if (changed.files.length > 0) this.#kept.remember(changed);
    return changed;
  }
}
