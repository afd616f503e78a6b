/** The used part of a page's `localStorage`. Every call may throw: storage is blocked, or full. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

export interface DraftsOptions {
  /** May throw, if the browser forbids storage altogether. */
  readonly storage: () => DraftStorage;
  /** The person whose drafts these are; undefined while no one is signed in. */
  readonly userId: () => string | undefined;
}

const prefixOf = (userId: string) => `fechatter.draft.${userId}.`;

/**
 * Unsent texts by person and name. Each change is written at once, so that a reload, a crash or opening another chat
 * loses nothing. If it cannot be written, it is kept in memory as long as the page lives.
 */
export class Drafts {
  readonly #options: DraftsOptions;
  readonly #unwritten = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor(options: DraftsOptions) {
    this.#options = options;
  }

  /** The text with this name; undefined if there is none. */
  get(name: string): string | undefined {
    const key = this.#keyOf(name);
    return key === undefined
      ? undefined
      : (this.#unwritten.get(key) ?? this.#attempt((storage) => storage.getItem(key)) ?? undefined);
  }

  /** Stores a text; undefined removes it. */
  set(name: string, text: string | undefined): void {
    const key = this.#keyOf(name);
    if (key !== undefined) this.#set(key, text);
  }

  #set(key: string, text: string | undefined): void {
    this.#unwritten.delete(key);
    const isWritten = this.#attempt((storage) => {
      if (text === undefined) storage.removeItem(key);
      else storage.setItem(key, text);
      return true;
    });
    if (isWritten !== true && text !== undefined) this.#unwritten.set(key, text);
    this.changed();
  }

  /** The names of all drafts of this person with this prefix, sorted. */
  names(beginning = ''): readonly string[] {
    const prefix = this.#keyOf(beginning);
    if (prefix === undefined) return [];
    const start = prefix.length - beginning.length;
    return this.#keys(prefix).map((key) => key.slice(start));
  }

  /** Removes all drafts of a person, by default of this one. */
  clear(userId = this.#options.userId()): void {
    if (userId === undefined) return;
    for (const key of this.#keys(prefixOf(userId))) this.#set(key, undefined);
  }

  #keys(prefix: string): readonly string[] {
    const written = this.#attempt((storage) =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? ''),
    );
    const keys = new Set([...(written ?? []), ...this.#unwritten.keys()]);
    return [...keys].filter((key) => key.startsWith(prefix)).toSorted();
  }

  /** Calls back after each change; returns a function that stops that. */
  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => void this.#listeners.delete(onChange);
  };

  /** Another tab may have written. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #keyOf(name: string): string | undefined {
    const userId = this.#options.userId();
    return userId === undefined ? undefined : `${prefixOf(userId)}${name}`;
  }

  #attempt<T>(work: (storage: DraftStorage) => T): T | undefined {
    try {
      return work(this.#options.storage());
    } catch {
      return undefined;
    }
  }
}
