import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import type { Message } from '../wire.ts';
import { entriesOf, type History, type HistoryEntry, type HistoryView } from './history.ts';
import type { MessageWindow } from './message-window.ts';
import { Pages, type PagesOptions } from './pages.ts';
import { isPassing } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, slices } from './slice.ts';

interface OpenHistory extends History {
  readonly slice: OwnSlice<HistoryView>;
  readonly pages: Pages;
}

export interface HistoriesOptions extends PagesOptions {
  readonly backoff: BackoffOptions;
  readonly stopped: AbortSignal;
}

const KEYS_MAX = 1_000;

/** The histories that somebody has looked at, each a window and its pages. */
export class Histories {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #outbox: Outbox;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #options: HistoriesOptions;
  #isMending = false;
  readonly #open = new Map<string, OpenHistory>();
  /** Under which key an own message was shown before it was acknowledged, by its id. */
  readonly #keys = new Map<string, string>();
  /** The newest message at the time when an own one was taken: what it becomes comes behind it. */
  readonly #takenBehind = new Map<string, number>();

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
  acknowledge(message: Message, clientId: string): void {
    this.#keys.set(message.id, clientId);
    this.#takenBehind.delete(clientId);
    const [eldest] = this.#keys.keys();
    if (this.#keys.size > KEYS_MAX && eldest !== undefined) this.#keys.delete(eldest);
    this.#replica.acknowledge(message);
    this.changed(message.chatId);
  }

  /** One is not in the chat any more: what was shown is forgotten. */
  close(chatId: string): void {
    this.#replica.emptyWindow(chatId);
    this.changed(chatId);
  }

  /** One is in the chat (again): of what was said before nobody has told. */
  open(chatId: string): void {
    const history = this.#open.get(chatId);
    if (history === undefined) return;
    history.pages.isStale = history.slice.isWatched || history.pages.window.isFilled;
    this.mend();
  }

  /** Reads anew what was loaded, after events were lost. */
  again(): void {
    for (const { pages } of this.#open.values()) pages.isStale = pages.window.isFilled || pages.error !== undefined;
    this.mend();
  }

  /** Reads what could not be read, until it is. */
  mend(): void {
    if (this.#isMending) return;
    this.#isMending = true;
    void this.#mend().finally(() => {
      this.#isMending = false;
      if (this.#hasStale() && !this.#options.stopped.aborted) this.mend();
    });
  }

  #hasStale(): boolean {
    return [...this.#open.values()].some(({ pages }) => pages.isStale);
  }

  async #mend(): Promise<void> {
    const backoff = new Backoff(this.#options.backoff);
    const { stopped } = this.#options;
    for (let isWaiting = true; isWaiting && !stopped.aborted; ) {
      isWaiting = false;
      for (const { pages } of this.#open.values()) {
        if (!pages.needsReading) continue;
        await pages.again();
        // What is refused for good is shown as it is.
        const isRefused = isFechatterError(pages.error) && !isPassing(pages.error);
        if (isRefused) pages.isStale = false;
        else if (pages.needsReading) isWaiting = true;
      }
      if (isWaiting) await backoff.pause(stopped);
    }
  }

  /** An own message is about to be taken into the outbox. */
  taking(chatId: string, clientId: string): void {
    this.#takenBehind.set(clientId, this.#replica.state.windows.get(chatId)?.newestNumber ?? 0);
    this.changed(chatId);
  }

  #make(chatId: string): OpenHistory {
    const pages: Pages = new Pages(this.#client, this.#replica, chatId, this.#options, () => slice.invalidate());
    const onWatched = () => {
      if (pages.window.isFilled) return;
      pages.isStale = true;
      this.mend();
    };
    const slice: OwnSlice<HistoryView> = this.#sliceOf(() => this.#view(chatId, pages), { onWatched });
    return {
      slice,
      pages,
      getSnapshot: slice.getSnapshot,
      subscribe: slice.subscribe,
      loadOlder: () => pages.older(),
      loadNewer: () => pages.newer(),
      toNewest: () => pages.newest(),
    };
  }

  #view(chatId: string, { window, isLoading, error }: Pages): HistoryView {
    const { isFilled: isLoaded, hasOlder, hasNewer } = window;
    return { entries: this.#entries(chatId, window), isLoaded, isLoading, hasOlder, hasNewer, error };
  }

  #entries(chatId: string, window: MessageWindow): HistoryEntry[] {
    const messages = window.list();
    const unsent = this.#outbox.unsent.getSnapshot().filter((message) => message.chatId === chatId);
    const keys = new Map(this.#keys);
    const isShown = (message: UnsentMessage) => {
      const arrived = this.#arrived(message, messages, keys);
      if (arrived !== undefined) keys.set(arrived.id, message.clientId);
      return arrived === undefined && !window.hasNewer;
    };
    const shown = new Set(unsent.filter(isShown));
    return entriesOf(messages, unsent, { keyOf: (id) => keys.get(id) ?? id, isShown: (one) => shown.has(one) });
  }

  /** The event of an own message may come before its answer; one of the same words that is newer must be it. */
  #arrived(
    { clientId, state, content }: UnsentMessage,
    messages: readonly Message[],
    keys: ReadonlyMap<string, string>,
  ): Message | undefined {
    const behind = this.#takenBehind.get(clientId);
    if (state === 'failed' || behind === undefined) return undefined;
    const { userId } = this.#replica.state;
    return messages.find(
      ({ id, number, sender, content: said }) =>
        number > behind && sender.id === userId && said === content && !keys.has(id),
    );
  }
}
