import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Message } from '../wire.ts';
import { entriesOf, type History, type HistoryEntry, type HistoryView } from './history.ts';
import type { MessageWindow } from './message-window.ts';
import type { OwnReactions } from './own-reactions.ts';
import { Pages, type PagesOptions } from './pages.ts';
import { isRefusal } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, slices } from './slice.ts';

interface OpenHistory extends History {
  readonly slice: OwnSlice<HistoryView>;
  readonly pages: Pages;
}

export interface HistoriesOptions extends PagesOptions {
  /** So many histories that nobody watches are kept. */
  readonly idleMax: number;
  readonly backoff: BackoffOptions;
  readonly stopped: AbortSignal;
  readonly reactions: Pick<OwnReactions, 'shown'>;
}

/** The histories that somebody has looked at, each a window and its pages. */
export class Histories {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #outbox: Outbox;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #options: HistoriesOptions;
  #isMending = false;
  /** Chats were read: until then it is not known where a history opens. */
  #hasBegun = false;
  readonly #open = new Map<string, OpenHistory>();
  /** Histories with messages that nobody watches, the one that was left first at the front. */
  readonly #idle = new Set<string>();
  constructor(
    client: FechatterClient,
    replica: Replica,
    outbox: Outbox,
    sliceOf: ReturnType<typeof slices>,
    options: HistoriesOptions,
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#outbox = outbox;
    this.#sliceOf = sliceOf;
    this.#options = options;
  }

  of(chatId: string): OpenHistory {
    let history = this.#open.get(chatId);
    if (history === undefined) this.#open.set(chatId, (history = this.#make(chatId)));
    return history;
  }

  changed(chatId: string): void {
    this.#open.get(chatId)?.slice.invalidate();
  }

  outboxChanged(): void {
    for (const { slice } of this.#open.values()) slice.invalidate();
  }

  /** The service has acknowledged an own message. */
  acknowledge(message: Message): void {
    this.#replica.acknowledge(message);
    this.changed(message.chatId);
  }

  /** The person is not in the chat any more: what was shown is forgotten. */
  close(chatId: string): void {
    this.#replica.emptyWindow(chatId);
    this.changed(chatId);
  }

  /** The person is in the chat (again): of what was said before nobody has told. */
  open(chatId: string): void {
    const history = this.#open.get(chatId);
    if (history === undefined) return;
    this.#outdate(history);
    this.mend();
  }

  /** Events were lost: reads anew what is watched, and forgets the rest until somebody watches it. */
  again(): void {
    this.#hasBegun = true;
    for (const history of this.#open.values()) this.#outdate(history);
    this.mend();
  }

  /** Reads what is watched and could not be read, until it is. */
  mend(): void {
    if (this.#isMending || !this.#hasBegun) return;
    this.#isMending = true;
    void this.#mend().finally(() => {
      this.#isMending = false;
      if (this.#waiting().length > 0 && !this.#options.stopped.aborted) this.mend();
    });
  }

  #outdate({ pages, slice }: OpenHistory): void {
    if (slice.isWatched) pages.isStale = true;
    else pages.drop();
  }

  #waiting(): OpenHistory[] {
    return [...this.#open.values()].filter(({ slice, pages }) => slice.isWatched && pages.needsReading);
  }

  async #mend(): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    const { stopped } = this.#options;
    for (let waiting = this.#waiting(); waiting.length > 0 && !stopped.aborted; waiting = this.#waiting()) {
      for (const { pages } of waiting) {
        await pages.again();
        // What is refused for good is shown as it is.
        if (isRefusal(pages.error)) pages.giveUp();
      }
      if (waiting.some(({ pages }) => pages.needsReading)) await backoff.pause(stopped);
    }
  }

  /** Nobody watches it: the ones that were left first are forgotten when there are too many. */
  #leave(chatId: string): void {
    this.#idle.delete(chatId);
    if (this.#open.get(chatId)?.slice.isWatched === true || !this.#replica.state.windows.has(chatId)) return;
    this.#idle.add(chatId);
    const [eldest] = this.#idle;
    if (this.#idle.size <= this.#options.idleMax || eldest === undefined) return;
    this.#idle.delete(eldest);
    this.#open.get(eldest)?.pages.drop();
  }

  #make(chatId: string): OpenHistory {
    const pages: Pages = new Pages(this.#client, this.#replica, chatId, this.#options, () => {
      slice.invalidate();
      if (!slice.isWatched) this.#leave(chatId);
    });
    const onWatched = () => {
      this.#idle.delete(chatId);
      if (!pages.window.isFilled) pages.isStale = true;
      this.mend();
    };
    const onUnwatched = () => this.#leave(chatId);
    const slice: OwnSlice<HistoryView> = this.#sliceOf(() => this.#view(chatId, pages), { onWatched, onUnwatched });
    return {
      slice,
      pages,
      getSnapshot: slice.getSnapshot,
      subscribe: slice.subscribe,
      loadOlder: () => pages.older(),
      loadNewer: () => pages.newer(),
      toNewest: () => pages.newest(),
      toNumber: (number) => pages.around(number),
      toFirstUnread: () => pages.firstUnread(),
    };
  }

  #view(chatId: string, { window, isLoading, error }: Pages): HistoryView {
    const { isFilled: isLoaded, hasOlder, hasNewer } = window;
    return { entries: this.#entries(chatId, window), isLoaded, isLoading, hasOlder, hasNewer, error };
  }

  #entries(chatId: string, window: MessageWindow): HistoryEntry[] {
    const { userId } = this.#replica.state;
    const unsent = this.#outbox.unsent
      .getSnapshot()
      .filter(
        (message) => message.chatId === chatId && !window.hasNewer && !window.hasEchoed(userId, message.clientId),
      );
    const messages = window.list().map((message) => this.#options.reactions.shown(message));
    return entriesOf(messages, unsent, userId);
  }
}
