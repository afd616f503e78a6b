import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { SavedMessage, Message } from '../wire.ts';
import { endsChat, endsWorkspace } from './concern.ts';
import { MessageList } from './message-list.ts';
import type { OwnChanges } from './own-changes.ts';
import { SAVED } from './own-marks.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** The saved messages as an app shows them. */
export interface SavedView {
  /** The latest saved first; those of chats that you cannot read at the moment are left out. */
  readonly saved: readonly SavedMessage[];
  /** Whether they have been read once. */
  readonly isLoaded: boolean;
  /** Whether there are more to load. */
  readonly hasMore: boolean;
}

/** The messages that you have saved, in all workspaces. */
export interface SavedMessages extends Slice<SavedView> {
  /** Loads the next page. Resolves when it is there, or if it could not be read. */
  loadMore(): Promise<void>;
}

const PAGE = 100;

/** The saved messages: read on the first subscription, and kept up to date by events from then on. */
export class SavedList implements SavedMessages {
  readonly getSnapshot: () => SavedView;
  readonly subscribe: SavedMessages['subscribe'];
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #slice: OwnSlice<SavedView>;
  #messages: MessageList | undefined;
  #savedAt = new Map<string, Date>();
  #nextCursor: string | null = null;

  constructor(
    client: FechatterClient,
    replica: Replica,
    reads: Reads,
    sliceOf: ReturnType<typeof slices>,
    own: Pick<OwnChanges, 'shown' | 'wished'>,
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#reads = reads;
    const compute = () => {
      const known = this.#messages;
      const wished = own.wished(SAVED).filter(({ id }) => known?.has(id) === false);
      const shown = [...wished, ...(known?.list() ?? []).map((message) => own.shown(message))].filter(
        ({ isSaved }) => isSaved,
      );
      return {
        saved: shown.map((message) => ({ message, savedAt: this.#savedAt.get(message.id) ?? message.createdAt })),
        isLoaded: this.#messages !== undefined,
        hasMore: this.#nextCursor !== null,
      };
    };
    const onWatched = () => {
      if (this.#messages === undefined) this.#read();
    };
    this.#slice = sliceOf(compute, { onWatched });
    this.getSnapshot = this.#slice.getSnapshot;
    this.subscribe = this.#slice.subscribe;
  }

  async loadMore(): Promise<void> {
    const cursor = this.#nextCursor;
    if (cursor === null) return;
    const ask = () => this.#client.message.saved.query({ limit: PAGE, cursor });
    await this.#replica
      .read(anything, ask, ({ saved, nextCursor }) => {
        // It was read again meanwhile, or another call has loaded this page.
        if (this.#nextCursor !== cursor || this.#messages === undefined) return false;
        this.#become([...this.#entries(), ...saved], nextCursor);
        return true;
      })
      .catch(() => {});
  }

  changed(): void {
    if (this.#messages !== undefined) this.#slice.invalidate();
  }

  take(event: Event): void {
    const messages = this.#messages;
    if (messages === undefined) return;
    const { userId } = this.#replica.state;
    const hasChanged = messages.take(event);
    if (hasChanged) for (const { id, isSaved } of messages.list()) if (!isSaved) messages.remove(id);
    if (event.kind === 'message.saved' && messages.first?.id !== event.messageId) {
      const message = this.#replica.find(event);
      if (message !== undefined) messages.putFirst({ ...message, isSaved: true });
      this.#again();
    }
    if (changesAccess(event, userId)) this.#again();
    if (hasChanged) this.#slice.invalidate();
  }

  put(message: Message): void {
    if (this.#messages?.put(message) === true) this.#slice.invalidate();
  }

  /** Events were lost: reads again if there are subscribers, otherwise drops the list. */
  again(): void {
    if (this.#messages !== undefined || this.#slice.isWatched) this.#again();
  }

  /** No one is signed in any more. */
  end(): void {
    this.#messages = undefined;
    this.#nextCursor = null;
    this.#slice.invalidate();
  }

  #again(): void {
    if (this.#slice.isWatched) this.#read();
    else this.end();
  }

  #read(): void {
    this.#reads.persist('saved', () => {
      const wanted = this.#messages?.list().length ?? 0;
      return this.#replica.read(
        anything,
        () => this.#upTo(wanted),
        ({ saved, nextCursor }) => {
          this.#become(saved, nextCursor);
          return true;
        },
      );
    });
  }

  /** As many pages as were shown. */
  async #upTo(wanted: number) {
    let page = await this.#client.message.saved.query({ limit: PAGE });
    const saved = [...page.saved];
    while (page.nextCursor !== null && saved.length < wanted) {
      page = await this.#client.message.saved.query({ limit: PAGE, cursor: page.nextCursor });
      saved.push(...page.saved);
    }
    return { saved, nextCursor: page.nextCursor };
  }

  #entries(): SavedMessage[] {
    return (this.#messages?.list() ?? []).map((message) => ({
      message,
      savedAt: this.#savedAt.get(message.id) ?? message.createdAt,
    }));
  }

  #become(saved: readonly SavedMessage[], nextCursor: string | null): void {
    this.#messages = new MessageList(this.#replica.state.userId);
    this.#messages.fill(saved.map(({ message }) => message));
    this.#savedAt = new Map(saved.map(({ message, savedAt }) => [message.id, savedAt]));
    this.#nextCursor = nextCursor;
    this.#slice.invalidate();
  }
}

/** Saved messages can be in any chat. */
const anything = (event: Event) => event;

/** Whether the person can read more or fewer chats after it. */
const changesAccess = (event: Event, userId: string): boolean =>
  endsChat(event, userId) ||
  endsWorkspace(event, userId) ||
  event.kind === 'chat.created' ||
  // A Guest reads no public channels.
  (event.kind === 'workspace.memberUpdated' && event.userId === userId) ||
  ((event.kind === 'member.joined' || event.kind === 'workspace.memberJoined') && event.user.id === userId);
