import type { FechatterClient } from '../create-fechatter.ts';
import type { ChatRow } from '../wire.ts';
import { changeChat, withMark } from './chat.ts';

/** Marks chats as read up to what is known of them, one call a chat at a time. */
export class ReadMarks {
  readonly #client: FechatterClient;
  readonly #chats: Map<string, ChatRow>;
  readonly #underWay = new Set<string>();

  constructor(client: FechatterClient, chats: Map<string, ChatRow>) {
    this.#client = client;
    this.#chats = chats;
  }

  async set(chatId: string): Promise<void> {
    const chat = this.#chats.get(chatId);
    if (chat === undefined || chat.lastReadSeq >= chat.lastSeq || this.#underWay.has(chatId)) return;
    this.#underWay.add(chatId);
    try {
      const mark = await this.#client.chat.markRead.mutate({ chatId, seq: chat.lastSeq });
      changeChat({ chats: this.#chats }, chatId, (row) => withMark(row, mark));
    } finally {
      this.#underWay.delete(chatId);
    }
  }
}
