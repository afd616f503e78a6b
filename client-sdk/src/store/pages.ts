import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import { inChat } from './concern.ts';
import type { MessageWindow, Page, Timeline } from './message-window.ts';
import { isRefusal } from './reads.ts';
import type { Replica } from './replica.ts';

/** A page; around a message also with `hasBefore` and `hasAfter`. */
interface MessagePage extends Page {
  readonly hasBefore?: boolean | undefined;
  readonly hasAfter?: boolean | undefined;
}

interface From {
  readonly before?: string;
  readonly after?: string;
  readonly aroundNumber?: number;
  readonly limit?: number;
}

export interface PagesOptions {
  /** Messages per page: 1 to 100; default 50. */
  readonly pageSize: number;
  /** How many messages are kept per chat; default 400. The far end is dropped and comes back by paging. */
  readonly windowMax: number;
  /** Where a history opens. */
  readonly openAt: 'newest' | 'firstUnread';
  /** How far the person has read; undefined if that is unknown. */
  readonly markOf: (
    timeline: Timeline,
  ) => { readonly unreadCount: number; readonly lastReadNumber: number } | undefined;
}

/** Loads pages into one window, one after the other. */
export class Pages {
  error: unknown;
  /** Events were lost: the shown messages may be out of date. */
  isStale = false;
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #options: PagesOptions;
  readonly #timeline: Timeline;
  readonly #onChange: () => void;
  #running: Promise<void> = Promise.resolve();
  #loads = 0;
  #isGivenUp = false;
  /** How often it was outdated. */
  #outdated = 0;

  constructor(
    client: FechatterClient,
    replica: Replica,
    timeline: Timeline,
    options: PagesOptions,
    onChange: () => void,
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#timeline = timeline;
    this.#options = options;
    this.#onChange = onChange;
  }

  get window(): MessageWindow {
    return this.#replica.windowOf(this.#timeline);
  }

  get isLoading(): boolean {
    return this.#loads > 0;
  }

  get needsReading(): boolean {
    return this.isStale || (this.error !== undefined && !this.#isGivenUp && !this.window.isFilled);
  }

  /** The first page: the newest one, or the one around the first unread message if that lies further back. */
  first(): Promise<void> {
    return this.#options.openAt === 'firstUnread' ? this.firstUnread() : this.newest();
  }

  firstUnread(): Promise<void> {
    const mark = this.#options.markOf(this.#timeline);
    if (mark === undefined || mark.unreadCount <= this.#options.pageSize) return this.newest();
    return this.around(mark.lastReadNumber + 1);
  }

  newest(): Promise<void> {
    return this.#load({}, (window, page) => {
      this.isStale = false;
      window.begin(page);
    });
  }

  /** Loads the messages around this number, unless they are already there. */
  async around(aroundNumber: number): Promise<void> {
    await this.#running;
    if (!this.isStale && this.window.covers(aroundNumber)) return;
    const limit = Math.max(2, this.#options.pageSize);
    await this.#load({ aroundNumber, limit }, (window, { messages, hasBefore = false, hasAfter = false }) => {
      this.isStale = false;
      window.begin({ messages, hasMore: hasBefore }, hasAfter);
    });
  }

  /** What is shown may be out of date: it must be read again, also if a read is under way. */
  outdate(): void {
    this.isStale = true;
    this.#outdated += 1;
  }

  /** Reads again; after a permanent refusal the state stays as it is, unless it was outdated since the read began. */
  async readAgain(): Promise<void> {
    const outdated = this.#outdated;
    await this.again();
    if (!isRefusal(this.error) || outdated !== this.#outdated) return;
    this.isStale = false;
    this.#isGivenUp = true;
  }

  /** Drops what was read. */
  drop(): void {
    this.isStale = false;
    this.error = undefined;
    this.#replica.dropWindow(this.#timeline);
    this.#onChange();
  }

  async older(): Promise<void> {
    const { isFilled, hasOlder, oldestId } = this.window;
    if (this.isLoading || !isFilled || !hasOlder || oldestId === undefined) return this.#running;
    await this.#load({ before: oldestId }, (window, page) => {
      window.prepend(page);
      window.trim(this.#options.windowMax, 'newest');
    });
  }

  async newer(): Promise<void> {
    const { isFilled, hasNewer, newestId } = this.window;
    if (this.isLoading || !isFilled || !hasNewer || newestId === undefined) return this.#running;
    await this.#load({ after: newestId }, (window, page) => {
      window.append(page);
      window.trim(this.#options.windowMax, 'oldest');
    });
  }

  /** Reads the same part again, after events were lost. */
  async again(): Promise<void> {
    await this.#running;
    if (!this.needsReading) return;
    const { isFilled, hasNewer, oldestId, newestNumber } = this.window;
    if (!isFilled) return this.first();
    if (!hasNewer || oldestId === undefined) return this.newest();
    const stretch = async () => {
      let page: Page = { messages: [], hasMore: true };
      for (let after = oldestId; page.hasMore && (page.messages[0]?.number ?? 0) < newestNumber; ) {
        const { messages, hasMore } = await this.#ask({ after, limit: 100 });
        page = { messages: [...messages, ...page.messages], hasMore };
        after = messages[0]?.id ?? after;
      }
      return page;
    };
    await this.#run(stretch, (window, { messages, hasMore }) => {
      this.isStale = false;
      window.begin({ messages, hasMore: true }, hasMore);
    });
    // Its end may have been purged.
    if (isFechatterError(this.error, 'message_not_found')) await this.newest();
  }

  #ask(from: From) {
    const { chatId, threadId } = this.#timeline;
    return this.#client.message.list.query({ chatId, ...(threadId !== null && { threadId }), ...from });
  }

  #load(from: From, merge: (window: MessageWindow, page: MessagePage) => void): Promise<void> {
    const ask = () => this.#ask({ limit: this.#options.pageSize, ...from });
    return this.#run(ask, merge);
  }

  /** Runs after the current load. */
  #run<P extends Page>(ask: () => Promise<P>, merge: (window: MessageWindow, page: P) => void): Promise<void> {
    this.#loads += 1;
    this.#onChange();
    this.#running = this.#running.then(() => this.#read(ask, merge));
    return this.#running;
  }

  async #read<P extends Page>(ask: () => Promise<P>, merge: (window: MessageWindow, page: P) => void): Promise<void> {
    const { window } = this;
    try {
      await this.#replica.read(inChat(this.#timeline.chatId), ask, (page) => {
        // The person has left the chat meanwhile: there is a new, empty window.
        if (window !== this.window) return false;
        merge(window, page);
        return true;
      });
      this.error = undefined;
      this.#isGivenUp = false;
    } catch (error) {
      this.error = error;
    } finally {
      this.#loads -= 1;
      this.#onChange();
    }
  }
}
