import type { FechatterClient } from '../create-fechatter.ts';
import { isFechatterError } from '../errors.ts';
import { inChat } from './concern.ts';
import type { MessageWindow, Page } from './message-window.ts';

import type { Replica } from './replica.ts';

export interface PagesOptions {
  /** Messages a page: 1 to 100, 50 where nothing is said. */
  readonly pageSize: number;
  /** So many messages are kept a chat, 400 where nothing is said; the far end is let go of and comes back by paging. */
  readonly windowMax: number;
}

/** Loads pages into one window, one at a time. */
export class Pages {
  isLoading = false;
  error: unknown;
  /** Events were lost: what is shown may be old. */
  isStale = false;
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #options: PagesOptions;
  readonly #chatId: string;
  readonly #onChange: () => void;
  #running: Promise<void> = Promise.resolve();

  constructor(client: FechatterClient, replica: Replica, chatId: string, options: PagesOptions, onChange: () => void) {
    this.#client = client;
    this.#replica = replica;
    this.#chatId = chatId;
    this.#options = options;
    this.#onChange = onChange;
  }

  get window(): MessageWindow {
    return this.#replica.windowOf(this.#chatId);
  }

  get needsReading(): boolean {
    return this.isStale || (this.error !== undefined && !this.window.isFilled);
  }

  newest(): Promise<void> {
    return this.#load({}, (window, page) => {
      this.isStale = false;
      window.begin(page);
    });
  }

  async older(): Promise<void> {
    const { isFilled, hasOlder, oldestId } = this.window;
    if (!isFilled || !hasOlder || oldestId === undefined) return;
    await this.#load({ before: oldestId }, (window, page) => {
      window.prepend(page);
      window.trim(this.#options.windowMax, 'newest');
    });
  }

  async newer(): Promise<void> {
    const { isFilled, hasNewer, newestId } = this.window;
    if (!isFilled || !hasNewer || newestId === undefined) return;
    await this.#load({ after: newestId }, (window, page) => {
      window.append(page);
      window.trim(this.#options.windowMax, 'oldest');
    });
  }

  /** Reads the same stretch anew, after events were lost. */
  async again(): Promise<void> {
    await this.#running;
    if (!this.needsReading) return;
    const { isFilled, hasNewer, oldestId, newestNumber } = this.window;
    if (!isFilled || !hasNewer || oldestId === undefined) return this.newest();
    const stretch = async () => {
      let page: Page = { messages: [], hasMore: true };
      for (let after = oldestId; page.hasMore && (page.messages[0]?.number ?? 0) < newestNumber; ) {
        const { messages, hasMore } = await this.#client.message.list.query({
          chatId: this.#chatId,
          after,
          limit: 100,
        });
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

  #load(
    from: { readonly before?: string; readonly after?: string },
    merge: (window: MessageWindow, page: Page) => void,
  ): Promise<void> {
    const limit = this.#options.pageSize;
    return this.#run(() => this.#client.message.list.query({ chatId: this.#chatId, limit, ...from }), merge);
  }

  /** Not while another one is under way. */
  #run(ask: () => Promise<Page>, merge: (window: MessageWindow, page: Page) => void): Promise<void> {
    if (!this.isLoading) this.#running = this.#read(ask, merge);
    return this.#running;
  }

  async #read(ask: () => Promise<Page>, merge: (window: MessageWindow, page: Page) => void): Promise<void> {
    this.isLoading = true;
    this.#onChange();
    const { window } = this;
    try {
      await this.#replica.read(inChat(this.#chatId), ask, (page) => {
        // One has left the chat meanwhile: there is another, empty window now.
        if (window !== this.window) return false;
        merge(window, page);
        return true;
      });
      this.error = undefined;
    } catch (error) {
      this.error = error;
    } finally {
      this.isLoading = false;
      this.#onChange();
    }
  }
}
