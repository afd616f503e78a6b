import { inTime } from '../in-time.ts';
import type { ItemStorage, SessionStorage } from '../session/session-storage.ts';
import type { UnsentMessage } from './unsent-message.ts';

const PREFIX = 'unsent';
/** The deadline of a storage operation. */
const STORAGE_MS = 2_000;
const CANCELLATIONS_MAX = 200;
const CANCELLATION_LIVES_MS = 30 * 24 * 3_600_000;

/** The person has cancelled the message: other tabs that hold it too must not send it. */
interface Cancellation {
  readonly cancelledAtMs: number;
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
      } else found.set(name, { ...item, isKept: true });
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
    const { isSending: _, isKept: __, ...kept } = message;
    const text = JSON.stringify(kept);
    return this.#ask(async (items) => {
      await items.set(name, text);
      // A storage may refuse silently.
      return (await items.get(name)) === text;
    }, false);
  }

  async drop(clientId: string): Promise<void> {
    await this.#remove(clientId, null);
  }

  /** Removes the message, and keeps other tabs from sending it. */
  async cancel(clientId: string): Promise<void> {
    await this.#remove(clientId, JSON.stringify({ cancelledAtMs: Date.now() } satisfies Cancellation));
  }

  /** What the storage knows of a message. Absent: another tab may have sent it, or the storage was cleared. */
  async find(clientId: string): Promise<'kept' | 'cancelled' | 'absent'> {
    const item = itemOf(await this.#ask((items) => items.get(this.#prefix + clientId), null));
    if (item === undefined) return 'absent';
    return 'cancelledAtMs' in item ? 'cancelled' : 'kept';
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

  /** Returns what the storage says; `otherwise` if there is none, or if it throws or does not respond in time. */
  async #ask<T>(question: (items: ItemStorage) => T | Promise<T>, otherwise: T): Promise<T> {
    const items = this.#items;
    if (items === undefined) return otherwise;
    const asked = (async () => question(items))();
    const answered = asked.then(
      (answer) => {
        this.#isHanging = false;
        this.#hasFailed = false;
        return answer;
      },
      () => {
        this.#hasFailed = true;
        return otherwise;
      },
    );
    if (this.#isHanging) return otherwise;
    return inTime(answered, STORAGE_MS, 'the storage').catch(() => {
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
    if (typeof item.cancelledAtMs === 'number') return { cancelledAtMs: item.cancelledAtMs };
    const { clientId, chatId, content, state } = item;
    const createdAt = new Date(item.createdAt ?? Number.NaN);
    const isWhole =
      [clientId, chatId, content].every((one) => typeof one === 'string') && !Number.isNaN(createdAt.getTime());
    if (!isWhole || (state !== 'pending' && state !== 'failed')) return undefined;
    // Items of an earlier release do not have these.
    const { threadId, quotedId, data } = item;
    const others = { threadId: textOf(threadId), quotedId: textOf(quotedId), data: textOf(data) };
    return { ...(item as UnsentMessage), ...others, createdAt, isSending: false };
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
