import { inTime } from '../in-time.ts';
import type { ItemStorage, SessionStorage } from '../session/session-storage.ts';
import type { UnsentFile } from './unsent-file.ts';
import type { UnsentMessage } from './unsent-message.ts';

const PREFIX = 'unsent';
/** The deadline of a storage operation. */
const STORAGE_MS = 2_000;
const CANCELLATIONS_MAX = 200;
const CANCELLATION_LIVES_MS = 30 * 24 * 3_600_000;

/**
 * The person has cancelled the message, or it was sent with these files: other tabs that hold it too must not send it, or
 * only with the same files, as a repeat.
 */
interface Cancellation {
  readonly cancelledAtMs: number;
  readonly fileIds?: readonly string[];
}

/** Messages in memory, by storage: they outlive an outbox and a session, and belong to their person only. */
const memories = new WeakMap<SessionStorage, Map<string, UnsentMessage>>();

/**
 * Messages of one person that the service has not acknowledged: in memory, and in the storage if it accepts them, one
 * item per message so that tabs do not overwrite each other's. A missing item proves nothing.
 */
export class KeptMessages {
  readonly #items: ItemStorage | undefined;
  readonly #memory: Map<string, UnsentMessage>;
  readonly #prefix: string;
  #isHanging = false;
  #hasFailed = false;

  /** Without a person nothing is kept. */
  constructor(storage: SessionStorage, userId: string | undefined) {
    this.#items = userId === undefined ? undefined : storage.items;
    this.#prefix = `${PREFIX}.${userId}.`;
    const memory = memories.get(storage) ?? new Map<string, UnsentMessage>();
    if (userId !== undefined) memories.set(storage, memory);
    this.#memory = userId === undefined ? new Map() : memory;
  }

  /** Whether the storage has thrown or not responded in time: then its contents may be unknown. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** In the order in which they were written. */
  async all(): Promise<UnsentMessage[]> {
    const found = new Map<string, UnsentMessage>();
    for (const [name, message] of this.#memory) if (name.startsWith(this.#prefix)) found.set(name, message);
    const cancelled: (readonly [string, Cancellation])[] = [];
    for (const name of await this.#ask((items) => items.names(), [])) {
      if (!name.startsWith(this.#prefix)) continue;
      const item = itemOf(await this.#ask((items) => items.get(name), null));
      if (item === undefined) continue;
      if ('cancelledAtMs' in item) {
        cancelled.push([name, item]);
        found.delete(name);
        this.#memory.delete(name);
      } else found.set(name, { ...withContents(item, found.get(name)), isKept: true });
    }
    for (const [name, message] of found) this.#memory.set(name, message);
    await this.#forgetOld(cancelled);
    return [...found.values()].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  /** Keeps it in memory, at once. */
  remember(message: UnsentMessage): void {
    this.#memory.set(this.#prefix + message.clientId, message);
  }

  /** Also keeps the message in the storage; returns whether the storage has it now. */
  async keep(message: UnsentMessage): Promise<boolean> {
    const name = this.#prefix + message.clientId;
    if (!this.#memory.has(name)) return false;
    const { isSending: _, isKept: __, files, ...others } = message;
    const text = JSON.stringify({ ...others, ...(files.length > 0 && { files: files.map(storable) }) });
    return this.#ask(async (items) => {
      await items.set(name, text);
      // A storage may refuse silently.
      return (await items.get(name)) === text;
    }, false);
  }

  /** It was sent, with these files. */
  async drop(clientId: string, fileIds: readonly string[] = []): Promise<void> {
    const sent = { cancelledAtMs: Date.now(), fileIds } satisfies Cancellation;
    await this.#remove(clientId, fileIds.length === 0 ? null : JSON.stringify(sent));
  }

  /** Removes the message, and keeps other tabs from sending it. */
  async cancel(clientId: string): Promise<void> {
    await this.#remove(clientId, JSON.stringify({ cancelledAtMs: Date.now() } satisfies Cancellation));
  }

  /**
   * What the storage knows of a message. Undefined: another tab may have sent it, if it has no files, or the storage was
   * cleared.
   */
  async find(clientId: string): Promise<UnsentMessage | Cancellation | undefined> {
    return itemOf(await this.#ask((items) => items.get(this.#prefix + clientId), null));
  }

  /** Whether it is still to be sent, here or by another tab. */
  async has(clientId: string): Promise<boolean> {
    return this.#memory.has(this.#prefix + clientId) || 'content' in ((await this.find(clientId)) ?? {});
  }

  /** Removes all messages of this person; returns how many there were. */
  async discard(): Promise<number> {
    const all = await this.all();
    for (const { clientId, isKept } of all) await (isKept ? this.cancel(clientId) : this.drop(clientId));
    return all.length;
  }

  async #remove(clientId: string, value: string | null): Promise<void> {
    const name = this.#prefix + clientId;
    this.#memory.delete(name);
    await this.#ask((items) => items.set(name, value), undefined);
  }

  async #forgetOld(cancelled: readonly (readonly [string, Cancellation])[]): Promise<void> {
    const latestFirst = cancelled.toSorted(([, a], [, b]) => b.cancelledAtMs - a.cancelledAtMs);
    const oldestMs = Date.now() - CANCELLATION_LIVES_MS;
    for (const [index, [name, { cancelledAtMs }]] of latestFirst.entries())
      if (index >= CANCELLATIONS_MAX || cancelledAtMs < oldestMs)
        await this.#ask((items) => items.set(name, null), undefined);
  }

  /** Returns what the storage returns; `otherwise` if there is none, or if it throws or does not respond in time. */
  async #ask<T>(question: (items: ItemStorage) => T | Promise<T>, otherwise: T): Promise<T> {
    const items = this.#items;
    if (items === undefined) return otherwise;
    const asked = (async () => question(items))();
    const result = asked.then(
      (value) => {
        this.#isHanging = false;
        this.#hasFailed = false;
        return value;
      },
      () => {
        this.#hasFailed = true;
        return otherwise;
      },
    );
    if (this.#isHanging) return otherwise;
    return inTime(result, STORAGE_MS, 'the storage').catch(() => {
      this.#isHanging = true;
      this.#hasFailed = true;
      return otherwise;
    });
  }
}

/** Parses a stored item; undefined if this class did not write it. */
function itemOf(text: string | null): UnsentMessage | Cancellation | undefined {
  try {
    const item = JSON.parse(text ?? '') as Partial<UnsentMessage & Cancellation>;
    const { cancelledAtMs, fileIds } = item;
    if (typeof cancelledAtMs === 'number') return { cancelledAtMs, ...(Array.isArray(fileIds) && { fileIds }) };
    const { clientId, chatId, content, state } = item;
    const createdAt = new Date(item.createdAt ?? Number.NaN);
    const isWhole =
      [clientId, chatId, content].every((one) => typeof one === 'string') && !Number.isNaN(createdAt.getTime());
    if (!isWhole || (state !== 'pending' && state !== 'failed')) return undefined;
    // Items of an earlier release do not have these.
    const { threadId, quotedId, data, files = [] } = item;
    const others = {
      threadId: textOf(threadId),
      quotedId: textOf(quotedId),
      data: textOf(data),
      files: filesOf(files),
    };
    return { ...(item as UnsentMessage), ...others, createdAt, isSending: false };
  } catch {
    return undefined;
  }
}

/** The content is kept elsewhere, and how far the upload has come is known at the service. */
const storable = ({ key, name, size, mime, asFile, state, reason }: UnsentFile) => ({
  key,
  name,
  size,
  mime,
  asFile,
  ...((state === 'failed' || state === 'lost') && { state, reason }),
});

const filesOf = (files: readonly (Omit<UnsentFile, 'state'> & Partial<UnsentFile>)[]): UnsentFile[] =>
  files
    .filter(({ key, name }) => typeof key === 'string' && typeof name === 'string')
    .map(({ state = 'waiting', ...file }) => ({ ...file, state, content: undefined, sentBytes: 0, fileId: null }));

/** This page may have contents that the storage has not. */
const withContents = (item: UnsentMessage, known: UnsentMessage | undefined): UnsentMessage => ({
  ...item,
  files: item.files.map((file) => known?.files.find(({ key }) => key === file.key) ?? file),
});

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
