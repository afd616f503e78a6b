import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import type { UnsentFiles } from '../unsent-files/unsent-files.ts';
import type { OnFileChange, UnsentFile } from './unsent-file.ts';
import type { UnsentMessage } from './unsent-message.ts';

/** Called with what has changed of a file of a message. */
export type OnFile = (clientId: string, ...change: Parameters<OnFileChange>) => void;

/** The files of an outbox's messages. What that needs is loaded when a message has files. */
export class MessageFiles {
  readonly #client: FechatterClient;
  readonly #userId: string | undefined;
  readonly #onFile: OnFile;
  readonly #isNeeded: (clientId: string) => Promise<boolean>;
  readonly #uploads = new Map<string, AbortController>();
  /** Messages whose files were gone at the service once. */
  readonly #renewed = new Set<string>();
  #loaded: Promise<UnsentFiles> | undefined;

  constructor(
    client: FechatterClient,
    userId: string | undefined,
    onFile: OnFile,
    isNeeded: (clientId: string) => Promise<boolean>,
  ) {
    this.#client = client;
    this.#userId = userId;
    this.#onFile = onFile;
    this.#isNeeded = isNeeded;
  }

  /** Loads what files need. */
  async prepare(): Promise<void> {
    await this.#load();
  }

  /** Keeps the contents in the storage; returns whether it has all of them now. */
  async keep(message: UnsentMessage): Promise<boolean> {
    if (message.files.length === 0) return true;
    return this.#with((files) => files.keep(message), false);
  }

  /** Reads the contents that an earlier page has kept. */
  async read(messages: readonly UnsentMessage[]): Promise<void> {
    for (const message of messages)
      if (message.files.some(({ content }) => content === undefined))
        await this.#with((files) => files.read(message, this.#onChangeOf(message.clientId)), undefined);
  }

  /** Uploads the files of a message; returns their ids, or undefined if it was stopped. */
  async upload(message: UnsentMessage): Promise<readonly string[] | undefined> {
    const { clientId } = message;
    const stop = new AbortController();
    this.#uploads.set(clientId, stop);
    try {
      const files = await this.#load();
      stop.signal.throwIfAborted();
      return await files.upload(message, { signal: stop.signal, onChange: this.#onChangeOf(clientId) });
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    } finally {
      this.#uploads.delete(clientId);
    }
  }

  /**
   * The files of a message may be gone at the service, after a day: if `error` says so, they will be uploaded again, once.
   * Returns whether they will.
   */
  async renew(message: UnsentMessage, error: unknown): Promise<boolean> {
    const { clientId, files: given } = message;
    if (given.length === 0 || this.#renewed.has(clientId) || !isFechatterError(error, 'file_not_found')) return false;
    this.#renewed.add(clientId);
    await this.#with((files) => files.forgetUploads(message, this.#onChangeOf(clientId)), undefined);
    return true;
  }

  drop({ clientId, files: ended }: UnsentMessage): void {
    this.#renewed.delete(clientId);
    if (ended.length > 0) void this.#with((files) => files.drop(clientId, ended), undefined);
  }

  /** Ends the upload of files that will not be sent. */
  cancel(clientId: string, ended: readonly UnsentFile[]): void {
    if (ended.length === 0) return;
    this.#uploads.get(clientId)?.abort();
    void this.#with((files) => files.cancel(clientId, ended), undefined);
  }

  /** Stops all uploads, which go on in the next outbox. */
  stop(): void {
    for (const upload of this.#uploads.values()) upload.abort();
  }

  #onChangeOf(clientId: string): OnFileChange {
    return (key, changed) => this.#onFile(clientId, key, changed);
  }

  async #with<T>(work: (files: UnsentFiles) => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work(await this.#load());
    } catch (error) {
      this.#client.reportError(error);
      return otherwise;
    }
  }

  #load(): Promise<UnsentFiles> {
    this.#loaded ??= this.#open().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  async #open(): Promise<UnsentFiles> {
    const { UnsentFiles: Files } = await import('../unsent-files/unsent-files.ts');
    const files = new Files(this.#client, this.#userId ?? '');
    void files.tidy(this.#isNeeded).catch(() => {});
    return files;
  }
}
