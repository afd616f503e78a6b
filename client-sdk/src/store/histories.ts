import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Message } from '../wire.ts';
import { entriesOf, type History, type HistoryEntry, type HistoryView } from './history.ts';
import { Idle } from './idle.ts';
import { keyOf, type MessageWindow, type Timeline } from './message-window.ts';
import type { OwnChanges } from './own-changes.ts';
import { Pages, type PagesOptions } from './pages.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, slices } from './slice.ts';

interface OpenHistory extends History {
  readonly timeline: Timeline;
  readonly slice: OwnSlice<HistoryView>;
  readonly pages: Pages;
}

export interface HistoriesOptions extends PagesOptions {
  /** How many histories without a subscriber are kept. */
  readonly idleMax: number;
  readonly backoff: BackoffOptions;
  readonly stopped: AbortSignal;
  readonly own: Pick<OwnChanges, 'shown'>;
}

/** The histories that were subscribed to, each a window and its pages. */
export class Histories {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #outbox: Outbox;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #options: HistoriesOptions;
  #isRetrying = false;
  /** Whether chats have been read: before that it is not known where a history opens. */
  #hasBegun = false;
  readonly #open = new Map<string, OpenHistory>();
  /** Histories with messages but without a subscriber. */
  readonly #idle: Idle;

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
    this.#idle = new Idle(options.idleMax, (key) => this.#open.get(key)?.pages.drop());
  }

  of(timeline: Timeline): OpenHistory {
    const key = keyOf(timeline);
    let history = this.#open.get(key);
    if (history === undefined) this.#open.set(key, (history = this.#make(timeline)));
    return history;
  }

  /** `key` is that of a timeline. */
  changed(key: string): void {
    this.#open.get(key)?.slice.invalidate();
  }

  /** Something that all timelines of a chat may show has changed. */
  changedIn(chatId: string): void {
    for (const { slice } of this.#in(chatId)) slice.invalidate();
  }

  /** The event does not contain what is left of a purged root that has replies. */
  purged(chatId: string): void {
    const history = this.#open.get(chatId);
    if (history === undefined || !history.pages.window.hasTombstones) return;
    this.#outdate(history);
    this.retry();
  }

  outboxChanged(): void {
    for (const { slice } of this.#open.values()) slice.invalidate();
  }

  /** The service has acknowledged an own message. */
  acknowledge(message: Message): void {
    this.#replica.acknowledge(message);
    this.changed(keyOf(message));
  }

  /** The person is not in the chat any more: its state is dropped. */
  close(chatId: string): void {
    for (const { timeline, slice } of this.#in(chatId)) {
      this.#replica.emptyWindow(timeline);
      slice.invalidate();
    }
  }

  /** The person is in the chat (again): earlier messages were not delivered. */
  open(chatId: string): void {
    const histories = this.#in(chatId);
    for (const history of histories) this.#outdate(history);
    if (histories.length > 0) this.retry();
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    this.#hasBegun = true;
    for (const history of this.#open.values()) this.#outdate(history);
    this.retry();
  }

  /** Retries reads that failed, for what has subscribers. */
  retry(): void {
    if (this.#isRetrying || !this.#hasBegun) return;
    this.#isRetrying = true;
    void this.#retryAll().finally(() => {
      this.#isRetrying = false;
      if (this.#waiting().length > 0 && !this.#options.stopped.aborted) this.retry();
    });
  }

  #in(chatId: string): OpenHistory[] {
    return [...this.#open.values()].filter(({ timeline }) => timeline.chatId === chatId);
  }

  #outdate({ pages, slice }: OpenHistory): void {
    if (slice.isWatched) pages.outdate();
    else pages.drop();
  }

  #waiting(): OpenHistory[] {
    return [...this.#open.values()].filter(({ slice, pages }) => slice.isWatched && pages.needsReading);
  }

  async #retryAll(): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    const { stopped } = this.#options;
    for (let waiting = this.#waiting(); waiting.length > 0 && !stopped.aborted; waiting = this.#waiting()) {
      for (const { pages } of waiting) await pages.readAgain();
      if (waiting.some(({ pages }) => pages.needsReading)) await backoff.pause(stopped);
    }
  }

  /** The last subscriber is gone. */
  #leave(key: string): void {
    this.#idle.delete(key);
    if (this.#open.get(key)?.slice.isWatched === true || !this.#replica.state.windows.has(key)) return;
    this.#idle.add(key);
  }

  #make(timeline: Timeline): OpenHistory {
    const key = keyOf(timeline);
    const pages: Pages = new Pages(this.#client, this.#replica, timeline, this.#options, () => {
      slice.invalidate();
      if (!slice.isWatched) this.#leave(key);
    });
    const onWatched = () => {
      this.#idle.delete(key);
      if (!pages.window.isFilled) pages.isStale = true;
      this.retry();
    };
    const onUnwatched = () => this.#leave(key);
    const slice: OwnSlice<HistoryView> = this.#sliceOf(() => this.#view(timeline, pages), { onWatched, onUnwatched });
    return {
      timeline,
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

  #view(timeline: Timeline, { window, isLoading, error }: Pages): HistoryView {
    const { isFilled: isLoaded, hasOlder, hasNewer } = window;
    return { entries: this.#entries(timeline, window), isLoaded, isLoading, hasOlder, hasNewer, error };
  }

  #entries(timeline: Timeline, window: MessageWindow): HistoryEntry[] {
    const { userId } = this.#replica.state;
    const key = keyOf(timeline);
    const unsent = this.#outbox.unsent
      .getSnapshot()
      .filter((message) => keyOf(message) === key && !window.hasNewer && !window.hasEchoed(userId, message.clientId));
    const messages = window.list().map((message) => this.#options.own.shown(message));
    return entriesOf(messages, unsent, userId);
  }
}
