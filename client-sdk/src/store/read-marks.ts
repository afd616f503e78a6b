import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import { changeChat, withMark } from './chat.ts';
import type { Mark } from './mark.ts';
import { lacksMentions } from './mentions.ts';
import { isRefusal, type Reads } from './reads.ts';
import type { Known } from './reducer.ts';

/** A requested mark: at the message with this number, or before this message. */
type Wish = { readonly upToNumber: number } | { readonly unreadFrom: string };

/** The requested mark of a chat, and the calls that bring it there. */
interface Marking {
  wish: Wish;
  readonly done: Promise<void>;
}

/**
 * Moves read marks, one call per chat at a time; the last request always arrives. Of several marks that go forward, the
 * highest counts.
 */
export class ReadMarks {
  readonly #client: FechatterClient;
  readonly #known: Pick<Known, 'chats'>;
  readonly #reads: Pick<Reads, 'need'>;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  readonly #underWay = new Map<string, Marking>();

  constructor(
    client: FechatterClient,
    known: Pick<Known, 'chats'>,
    reads: Pick<Reads, 'need'>,
    backoff: BackoffOptions,
    stopped: AbortSignal,
  ) {
    this.#client = client;
    this.#known = known;
    this.#reads = reads;
    this.#backoff = backoff;
    this.#stopped = stopped;
  }

  read(chatId: string, number: number | undefined): Promise<void> {
    const chat = this.#known.chats.get(chatId);
    const upToNumber = number ?? chat?.lastNumber ?? 0;
    const underWay = this.#underWay.get(chatId);
    if (underWay !== undefined) {
      const { wish } = underWay;
      if (!('upToNumber' in wish) || wish.upToNumber < upToNumber) underWay.wish = { upToNumber };
      return underWay.done;
    }
    if (chat === undefined || chat.lastReadNumber >= upToNumber) return Promise.resolve();
    return this.#begin(chatId, { upToNumber });
  }

  unread(chatId: string, messageId: string): Promise<void> {
    const underWay = this.#underWay.get(chatId);
    if (underWay === undefined) return this.#begin(chatId, { unreadFrom: messageId });
    underWay.wish = { unreadFrom: messageId };
    return underWay.done;
  }

  #begin(chatId: string, wish: Wish): Promise<void> {
    const marking: Marking = { wish, done: Promise.resolve().then(() => this.#bring(chatId, marking)) };
    this.#underWay.set(chatId, marking);
    return marking.done;
  }

  async #bring(chatId: string, marking: Marking): Promise<void> {
    const backoff = new Backoff(this.#backoff);
    try {
      for (let arrived: Wish | undefined; arrived !== marking.wish; ) {
        this.#stopped.throwIfAborted();
        const { wish } = marking;
        try {
          this.#moved(chatId, await this.#move(chatId, wish));
          arrived = wish;
        } catch (error) {
          if (isRefusal(error)) throw error;
          await backoff.pause(this.#stopped);
        }
      }
    } finally {
      this.#underWay.delete(chatId);
    }
  }

  #moved(chatId: string, mark: Mark): void {
    const { chats } = this.#known;
    const before = chats.get(chatId);
    changeChat(this.#known, chatId, (row) => withMark(row, mark));
    const after = chats.get(chatId);
    if (before !== undefined && after !== undefined && lacksMentions(before, after)) this.#reads.need({ chatId });
  }

  #move(chatId: string, wish: Wish): Promise<Mark> {
    const { chat } = this.#client;
    return 'upToNumber' in wish
      ? chat.markRead.mutate({ chatId, number: wish.upToNumber })
      : chat.markUnread.mutate({ chatId, messageId: wish.unreadFrom });
  }
}
