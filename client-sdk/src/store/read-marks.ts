import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { changeChat, withMark } from './chat.ts';
import { isRefusal } from './reads.ts';
import type { Known } from './reducer.ts';

/** How far a chat is to be marked, and the calls that bring it there. */
interface Marking {
  upToNumber: number;
  readonly done: Promise<void>;
}

/** Marks chats as read, one call a chat at a time; the highest mark that was asked for always arrives. */
export class ReadMarks {
  readonly #client: FechatterClient;
  readonly #known: Pick<Known, 'chats'>;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  readonly #underWay = new Map<string, Marking>();

  constructor(client: FechatterClient, known: Pick<Known, 'chats'>, backoff: BackoffOptions, stopped: AbortSignal) {
    this.#client = client;
    this.#known = known;
    this.#backoff = backoff;
    this.#stopped = stopped;
  }

  set(chatId: string, number: number | undefined): Promise<void> {
    const chat = this.#known.chats.get(chatId);
    const upToNumber = number ?? chat?.lastNumber ?? 0;
    const underWay = this.#underWay.get(chatId);
    if (underWay !== undefined) {
      underWay.upToNumber = Math.max(underWay.upToNumber, upToNumber);
      return underWay.done;
    }
    if (chat === undefined || chat.lastReadNumber >= upToNumber) return Promise.resolve();
    const marking: Marking = { upToNumber, done: Promise.resolve().then(() => this.#bring(chatId, marking)) };
    this.#underWay.set(chatId, marking);
    return marking.done;
  }

  async #bring(chatId: string, marking: Marking): Promise<void> {
    const backoff = new Backoff(this.#backoff);
    try {
      for (let reached = 0; reached < marking.upToNumber; ) {
        this.#stopped.throwIfAborted();
        const number = marking.upToNumber;
        try {
          const mark = await this.#client.chat.markRead.mutate({ chatId, number });
          changeChat(this.#known, chatId, (row) => withMark(row, mark));
          reached = number;
        } catch (error) {
          if (isRefusal(error)) throw error;
          await backoff.pause(this.#stopped);
        }
      }
    } finally {
      this.#underWay.delete(chatId);
    }
  }
}
