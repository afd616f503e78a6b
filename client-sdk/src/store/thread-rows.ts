import type { Event } from '../events/event.ts';
import type { Message, Thread } from '../wire.ts';
import { lacksMentions } from './mentions.ts';
import { messages } from './message.ts';
import { threadAfter, wholeThread } from './thread-after.ts';

/** Threads by their roots, kept up to date by events. */
export class ThreadRows {
  readonly #userId: string;
  readonly #onChange: (rootId: string, chatId: string) => void;
  readonly #rows = new Map<string, Thread>();
  readonly #outdated = new Set<string>();

  constructor(userId: string, onChange: (rootId: string, chatId: string) => void) {
    this.#userId = userId;
    this.#onChange = onChange;
  }

  get(rootId: string): Thread | undefined {
    return this.#rows.get(rootId);
  }

  /** The threads of the chats for which `isIn` is true; by default all. */
  list(isIn: (chatId: string) => boolean = () => true): Thread[] {
    return [...this.#rows.values()].filter(({ root }) => isIn(root.chatId));
  }

  /** Applies an event; returns the threads whose mentions must be read again. */
  take(event: Event): Thread[] {
    const isAbout = (chatId: string) => !('chatId' in event) || event.chatId === chatId;
    return this.list(isAbout).flatMap((row) => {
      const next = threadAfter(row, event, this.#userId);
      this.#become(row.root.id, next);
      return next !== undefined && event.kind !== 'thread.read' && lacksMentions(row, next) ? [next] : [];
    });
  }

  /** The service has returned the current state of a message. */
  putRoot(message: Message): void {
    const row = this.#rows.get(message.id);
    if (row !== undefined) this.#become(message.id, { ...row, root: messages.whole(row.root, message) });
  }

  /** Merges a read; a row from before events were lost is replaced. */
  put(thread: Thread): void {
    const { id } = thread.root;
    const known = this.#outdated.delete(id) ? undefined : this.#rows.get(id);
    this.#become(id, wholeThread(known, thread));
  }

  /** Events were lost, and versions may have restarted: the rows are shown until they are read again. */
  outdate(): void {
    for (const rootId of this.#rows.keys()) this.#outdated.add(rootId);
  }

  delete(rootId: string): void {
    this.#become(rootId, undefined);
  }

  #become(rootId: string, next: Thread | undefined): void {
    const known = this.#rows.get(rootId);
    if (next === known) return;
    if (next === undefined) {
      this.#rows.delete(rootId);
      this.#outdated.delete(rootId);
    }
    if (next !== undefined) this.#rows.set(rootId, next);
    this.#onChange(rootId, (next ?? known)?.root.chatId ?? '');
  }
}
