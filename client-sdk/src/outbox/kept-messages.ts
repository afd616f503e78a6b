import type { ItemStorage } from '../session/session-storage.ts';
import type { UnsentMessage } from './unsent-message.ts';

const PREFIX = 'unsent';

/** What is not sent yet, one item a message, so that tabs do not overwrite each other's. Without a storage, nothing. */
export class KeptMessages {
  readonly #items: ItemStorage | undefined;
  readonly #prefix: string;
  readonly #here = new Set<string>();

  constructor(items: ItemStorage | undefined, userId: string) {
    this.#items = items;
    this.#prefix = `${PREFIX}.${userId}.`;
  }

  /** In the order in which they were written. */
  async all(): Promise<UnsentMessage[]> {
    const names = (await this.#items?.names()) ?? [];
    const kept: UnsentMessage[] = [];
    for (const name of names.filter((name) => name.startsWith(this.#prefix))) {
      const text = await this.#items?.get(name);
      if (text) kept.push(messageOf(text));
      if (text) this.#here.add(name);
    }
    return kept.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  }

  async keep(message: UnsentMessage): Promise<void> {
    const name = this.#prefix + message.clientId;
    await this.#items?.set(name, JSON.stringify(message));
    this.#here.add(name);
  }

  async drop(clientId: string): Promise<void> {
    const name = this.#prefix + clientId;
    this.#here.delete(name);
    await this.#items?.set(name, null);
  }

  /** Whether another tab has sent or cancelled it. Where the storage refused to keep it, nobody else knows it. */
  async isGone(clientId: string): Promise<boolean> {
    const name = this.#prefix + clientId;
    return this.#here.has(name) && (await this.#items?.get(name)) === null;
  }
}

/** What {@link KeptMessages.keep} has written. */
function messageOf(text: string): UnsentMessage {
  const kept = JSON.parse(text) as UnsentMessage & { createdAt: string };
  return { ...kept, createdAt: new Date(kept.createdAt), isSending: false };
}
