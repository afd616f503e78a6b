import { inTime } from '../in-time.ts';
import type { FileContent, FileStorage } from '../session/file-storage.ts';
import type { SessionStorage } from '../session/session-storage.ts';

/** The deadline of writing a large file. */
const WRITE_MS = 60_000;
const READ_MS = 5_000;

/** The files of one person's unsent messages in the storage. Nothing throws: what it does not accept is not kept. */
export class KeptFiles {
  readonly #storage: SessionStorage;
  readonly #prefix: string;
  #files: Promise<FileStorage | undefined> | undefined;
  /** It has not responded in time: nothing waits for it until it does. */
  #isHanging = false;

  constructor(storage: SessionStorage, userId: string) {
    this.#storage = storage;
    this.#prefix = `${userId}.`;
  }

  /** Whether the storage has it now. */
  async keep(clientId: string, key: string, content: FileContent): Promise<boolean> {
    const name = this.#name(clientId, key);
    if ((await this.#content(name)) !== undefined) return true;
    await this.#ask((files) => files.add(name, content), undefined, WRITE_MS);
    return (await this.#content(name)) !== undefined;
  }

  content(clientId: string, key: string): Promise<FileContent | undefined> {
    return this.#content(this.#name(clientId, key));
  }

  uploadId(clientId: string, key: string): Promise<string | null> {
    return this.#ask((files) => files.uploadId(this.#name(clientId, key)), null);
  }

  /** Returns the id that is the file's own from now on: that of another tab, if it was faster. */
  setUploadId(clientId: string, key: string, before: string | null, after: string | null): Promise<string | null> {
    return this.#ask((files) => files.setUploadId(this.#name(clientId, key), before, after), after);
  }

  async remove(clientId: string, key: string): Promise<void> {
    await this.#ask((files) => files.remove(this.#name(clientId, key)), undefined);
  }

  /** The messages that it has files of, with the keys of these. */
  async messages(): Promise<ReadonlyMap<string, readonly string[]>> {
    const messages = new Map<string, string[]>();
    for (const name of await this.#ask((files) => files.names(), [])) {
      const [clientId, key] = name.slice(this.#prefix.length).split('.');
      if (!name.startsWith(this.#prefix) || clientId === undefined || key === undefined) continue;
      const keys = messages.get(clientId) ?? [];
      messages.set(clientId, keys);
      keys.push(key);
    }
    return messages;
  }

  #name(clientId: string, key: string): string {
    return `${this.#prefix}${clientId}.${key}`;
  }

  #content(name: string): Promise<FileContent | undefined> {
    return this.#ask((files) => files.content(name), undefined);
  }

  async #ask<T>(question: (files: FileStorage) => Promise<T>, otherwise: T, withinMs = READ_MS): Promise<T> {
    const ask = async () => {
      this.#files ??= (async () => this.#storage.files?.())();
      const files = await this.#files;
      return files === undefined ? otherwise : question(files);
    };
    const result = ask().then(
      (value) => {
        this.#isHanging = false;
        return value;
      },
      () => {
        this.#files = undefined;
        return otherwise;
      },
    );
    if (this.#isHanging) return otherwise;
    return inTime(result, withinMs, 'the storage of files').catch(() => {
      this.#files = undefined;
      this.#isHanging = true;
      return otherwise;
    });
  }
}
