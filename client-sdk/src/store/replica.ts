import type { Event } from '../events/event.ts';
import type { ChatRow, Message, Workspace } from '../wire.ts';
import { reduce } from './apply-event.ts';
import { type Concern, endsWorkspace } from './concern.ts';
import { MessageWindow } from './message-window.ts';
import { Names } from './names.ts';
import type { Known, Missing } from './reducer.ts';
import type { KnownMember } from './state.ts';
import { WatchedMap } from './watched-map.ts';

/** Who wants to know what has changed. */
export interface ReplicaWatcher {
  onChat(chatId: string): void;
  onWorkspace(workspaceId: string): void;
  onMembers(ofId: string): void;
  onMessages(chatId: string): void;
}

interface Reading {
  readonly concern: Concern;
  readonly meanwhile: Event[];
}

/**
 * What one person's client knows, moved by events and reads. A read is a look at some moment: what happened while it
 * was on its way is applied to its answer once more, so that the order in which answers come does not matter.
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
    };
  }

  apply(event: Event): Missing | undefined {
    for (const { concern, meanwhile } of this.#readings) {
      const news = concern(event);
      if (news !== undefined) meanwhile.push(news);
    }
    return this.#applyTo(event);
  }

  /**
   * Reads, merges the answer, and applies to it what came meanwhile, if `merge` says that it was taken. After a
   * {@link begin} the answer is dropped: it may be older than what was begun with. Throws what the read threw.
   */
  async read<T>(
    concern: Concern,
    ask: () => Promise<T>,
    merge: (answer: T, meanwhile: readonly Event[]) => boolean,
  ): Promise<void> {
    const reading: Reading = { concern, meanwhile: [] };
    const generation = this.#generation;
    this.#readings.add(reading);
    try {
      const answer = await ask();
      if (generation !== this.#generation || !merge(answer, reading.meanwhile)) return;
      for (const event of reading.meanwhile) this.#applyTo(event);
    } finally {
      this.#readings.delete(reading);
    }
  }

  /** Begins anew with what was read; events from that read's cursor on follow. */
  begin(chats: readonly ChatRow[], workspaces: readonly Workspace[]): void {
    this.#generation += 1;
    this.#names.clear();
    this.state.chats.become(chats.map((chat) => [chat.id, chat]));
    this.state.workspaces.become(workspaces.map((workspace) => [workspace.id, workspace]));
  }

  /** An own message as the service has acknowledged it. */
  acknowledge(message: Message): void {
    this.state.windows.get(message.chatId)?.put(this.#names.inMessage(message));
  }

  windowOf(chatId: string): MessageWindow {
    return this.state.windows.get(chatId) ?? this.#openWindow(chatId);
  }

  /** The person is not in the chat any more: what was open is forgotten. */
  emptyWindow(chatId: string): void {
    if (this.state.windows.has(chatId)) this.#openWindow(chatId);
  }

  /** Nobody looks at it: it is neither kept nor followed. */
  dropWindow(chatId: string): void {
    this.state.windows.delete(chatId);
  }

  setMembers(ofId: string, members: ReadonlyMap<string, KnownMember>): void {
    const watched = WatchedMap.watching<string, KnownMember>(() => this.#watcher.onMembers(ofId));
    watched.become(members);
    this.state.members.set(ofId, watched);
  }

  #openWindow(chatId: string): MessageWindow {
    const window = new MessageWindow(chatId, () => this.#watcher.onMessages(chatId));
    this.state.windows.set(chatId, window);
    return window;
  }

  #applyTo(told: Event): Missing | undefined {
    // While one is away nobody says how people are called.
    if (endsWorkspace(told, this.state.userId)) this.#names.clear();
    return reduce(this.state, this.#names.inEvent(told));
  }
}
