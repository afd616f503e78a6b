import type { Event } from '../events/event.ts';
import type { ChatRow, Message, Preferences, Workspace } from '../wire.ts';
import { reduce } from './apply-event.ts';
import { type Concern, endsWorkspace, renaming } from './concern.ts';
import { keyOf, MessageWindow, type Timeline } from './message-window.ts';
import { Names } from './names.ts';
import type { Known, Missing } from './reducer.ts';
import type { KnownMember } from './state.ts';
import { WatchedMap } from './watched-map.ts';

/** Receives notice of what has changed. */
export interface ReplicaWatcher {
  onChat(chatId: string): void;
  onWorkspace(workspaceId: string): void;
  onMembers(ofId: string): void;
  /** `key` is that of a timeline: see `keyOf`. */
  onMessages(key: string): void;
  onPreferences(): void;
  /** An event is about to be applied, perhaps again. */
  beforeEvent?(event: Event): void;
  /** An event was applied, or is applied again to the result of a read. */
  onEvent?(event: Event): void;
  /** The service has returned the current state of a message. */
  onMessage?(message: Message): void;
}

export interface MessageRef {
  readonly chatId: string;
  readonly messageId: string;
}

interface Reading {
  readonly concern: Concern;
  readonly meanwhile: Event[];
}

/**
 * What one person's client knows, updated by events and reads. A read shows one moment: events that arrived while it
 * was under way are applied to its result again, so that the order of responses does not matter.
 */
export class Replica {
  readonly state: Known & {
    readonly windows: Map<string, MessageWindow>;
    readonly chats: WatchedMap<string, ChatRow>;
    readonly workspaces: WatchedMap<string, Workspace>;
    readonly members: WatchedMap<string, Map<string, KnownMember>>;
  };
  readonly #watcher: ReplicaWatcher;
  readonly #readings = new Set<Reading>();
  readonly #names = new Names();
  #generation = 0;

  constructor(userId: string, watcher: ReplicaWatcher) {
    this.#watcher = watcher;
    this.state = {
      userId,
      windows: new Map(),
      chats: WatchedMap.watching((id) => watcher.onChat(id)),
      workspaces: WatchedMap.watching((id) => watcher.onWorkspace(id)),
      members: WatchedMap.watching((id) => watcher.onMembers(id)),
      own: watchedOwn(() => watcher.onPreferences()),
    };
  }

  apply(event: Event): Missing | undefined {
    for (const { concern, meanwhile } of this.#readings) {
      const named = concern(event);
      if (named !== undefined) meanwhile.push(named);
    }
    return this.#applyTo(event);
  }

  /**
   * Reads, merges the result and, if `merge` returns true, applies the events that arrived meanwhile. After a {@link
   * begin} the result is dropped: it may be older than the new state. Throws what the read threw.
   */
  read<T>(
    concern: Concern,
    ask: () => Promise<T>,
    merge: (response: T, meanwhile: readonly Event[]) => boolean,
  ): Promise<void> {
    const generation = this.#generation;
    return this.#gather(
      concern,
      ask,
      (response, meanwhile) => generation === this.#generation && merge(response, meanwhile),
    );
  }

  /** Asks, takes in the response and, if `take` returns true, applies the events that arrived meanwhile again. */
  async #gather<T>(
    concern: Concern,
    ask: () => Promise<T>,
    take: (response: T, meanwhile: readonly Event[]) => boolean,
  ): Promise<void> {
    const reading: Reading = { concern, meanwhile: [] };
    this.#readings.add(reading);
    try {
      if (!take(await ask(), reading.meanwhile)) return;
      for (const event of reading.meanwhile) this.#applyTo(event);
    } finally {
      this.#readings.delete(reading);
    }
  }

  /** Starts again with the result of a read; events from that read's cursor on follow. */
  begin(chats: readonly ChatRow[], workspaces: readonly Workspace[], preferences?: Preferences): void {
    this.#generation += 1;
    this.#names.clear();
    this.state.own.preferences = preferences;
    this.state.chats.become(chats.map((chat) => [chat.id, chat]));
    this.state.workspaces.become(workspaces.map((workspace) => [workspace.id, workspace]));
  }

  /**
   * Asks the service for a change of a message, and stores the message that it returns. Events that rename people
   * meanwhile are applied again: the response may contain a name from before them.
   */
  change({ chatId, messageId }: MessageRef, ask: () => Promise<Message>): Promise<void> {
    const generation = this.#generation;
    const window = this.#windowWith(chatId, messageId);
    return this.#gather(renaming, ask, (message) => {
      this.acknowledge(message);
      // After a new beginning, or an absence from the chat, they are older than what was read since.
      return generation === this.#generation && window === this.#windowWith(chatId, messageId);
    });
  }

  /** Stores a message that the service has returned. */
  acknowledge(message: Message): void {
    const named = this.#names.inMessage(message);
    this.state.windows.get(keyOf(message))?.put(named);
    this.#watcher.onMessage?.(named);
  }

  /** A message that some window shows. */
  find({ chatId, messageId }: MessageRef): Message | undefined {
    return this.#windowWith(chatId, messageId)?.get(messageId);
  }

  #windowWith(chatId: string, messageId: string): MessageWindow | undefined {
    for (const window of this.state.windows.values())
      if (window.chatId === chatId && window.get(messageId) !== undefined) return window;
    return undefined;
  }

  windowOf(timeline: Timeline): MessageWindow {
    return this.state.windows.get(keyOf(timeline)) ?? this.#openWindow(timeline);
  }

  /** The person is no longer in the chat: its window is emptied. */
  emptyWindow(timeline: Timeline): void {
    if (this.state.windows.has(keyOf(timeline))) this.#openWindow(timeline);
  }

  /** The window has no subscriber: it is no longer kept up to date. */
  dropWindow(timeline: Timeline): void {
    this.state.windows.delete(keyOf(timeline));
  }

  setMembers(ofId: string, members: ReadonlyMap<string, KnownMember>): void {
    const watched = WatchedMap.watching<string, KnownMember>(() => this.#watcher.onMembers(ofId));
    watched.become(members);
    this.state.members.set(ofId, watched);
  }

  #openWindow(timeline: Timeline): MessageWindow {
    const key = keyOf(timeline);
    const window = new MessageWindow(timeline, () => this.#watcher.onMessages(key));
    this.state.windows.set(key, window);
    return window;
  }

  #applyTo(arrived: Event): Missing | undefined {
    // While a person is not in a workspace, they receive no changes of names.
    if (endsWorkspace(arrived, this.state.userId)) this.#names.clear();
    const event = this.#names.inEvent(arrived);
    this.#watcher.beforeEvent?.(event);
    const missing = reduce(this.state, event);
    this.#watcher.onEvent?.(event);
    return missing;
  }
}

/** The person's preferences, in an object that reports changes. */
function watchedOwn(onChange: () => void): Known['own'] {
  let known: Preferences | undefined;
  return {
    get preferences() {
      return known;
    },
    set preferences(next) {
      known = next;
      onChange();
    },
  };
}
