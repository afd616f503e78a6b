import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { aboutOf, after } from './after-event.ts';
import { endsChat, inChat } from './concern.ts';
import { Idle } from './idle.ts';
import { messages } from './message.ts';
import type { OwnChanges } from './own-changes.ts';
import type { Reads } from './reads.ts';
import type { MessageRef, Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** How many messages one call reads: more ids do not fit into an address. */
const READ_MAX = 25;
/** How many messages without a subscriber are kept up to date. */
const IDLE_MAX = 200;

/** Undefined: not read yet; null: it is gone, or this person may not see it. */
type Known = Message | null | undefined;

interface Entry extends MessageRef {
  known: Known;
  readonly slice: OwnSlice<Known>;
}

export interface SingleMessagesOptions {
  readonly client: FechatterClient;
  readonly replica: Replica;
  readonly reads: Reads;
  readonly sliceOf: ReturnType<typeof slices>;
  readonly own: Pick<OwnChanges, 'shown'>;
}

/** Messages by their ids, such as quoted ones: read together when they get subscribers, and kept up to date by events. */
export class SingleMessages {
  readonly #options: SingleMessagesOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #idle = new Idle(IDLE_MAX, (messageId) => this.#entries.delete(messageId));

  constructor(options: SingleMessagesOptions) {
    this.#options = options;
  }

  of({ chatId, messageId }: MessageRef): Slice<Known> {
    const before = this.#entries.get(messageId);
    if (before !== undefined) return before.slice;
    const { sliceOf, replica, own } = this.#options;
    const onWatched = () => {
      this.#idle.delete(messageId);
      // One that was forgotten meanwhile.
      this.#entries.set(messageId, entry);
      entry.known ??= replica.find({ chatId, messageId });
      if (entry.known === undefined) this.#read(chatId);
      else slice.invalidate();
    };
    const slice = sliceOf<Known>(() => entry.known && own.shown(entry.known), {
      onWatched,
      onUnwatched: () => this.#idle.add(messageId),
    });
    const entry: Entry = { chatId, messageId, known: undefined, slice };
    this.#entries.set(messageId, entry);
    // Perhaps it never gets a subscriber.
    this.#idle.add(messageId);
    return slice;
  }

  take(event: Event): void {
    const { userId } = this.#options.replica.state;
    const about = aboutOf(event);
    for (const entry of about?.map((id) => this.#entries.get(id)) ?? this.#entries.values())
      if (entry?.known) this.#become(entry, after(entry.known, event, userId) ?? null);
  }

  /** The service has returned the current state of a message. */
  put(message: Message): void {
    const entry = this.#entries.get(message.id);
    if (entry?.known) this.#become(entry, messages.whole(entry.known, message));
  }

  /** Something that is shown of all messages of a chat has changed. */
  changed(chatId: string): void {
    for (const entry of this.#entries.values()) if (entry.chatId === chatId) entry.slice.invalidate();
  }

  /** The person is in a chat (again). */
  open(chatId: string): void {
    for (const entry of this.#entries.values())
      if (entry.chatId === chatId && entry.known === null) this.#become(entry, undefined);
    if (this.#wanted(chatId).length > 0) this.#read(chatId);
  }

  /** The person is not in the chat any more. */
  close(chatId: string): void {
    for (const entry of this.#entries.values()) if (entry.chatId === chatId) this.#become(entry, undefined);
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    for (const entry of this.#entries.values()) this.#become(entry, undefined);
    for (const chatId of new Set([...this.#entries.values()].map((entry) => entry.chatId)))
      if (this.#wanted(chatId).length > 0) this.#read(chatId);
  }

  /** No one is signed in any more. */
  end(): void {
    for (const entry of this.#entries.values()) this.#become(entry, undefined);
  }

  #become(entry: Entry, known: Known): void {
    if (entry.known === known) return;
    entry.known = known;
    entry.slice.invalidate();
  }

  #wanted(chatId: string): readonly Entry[] {
    return [...this.#entries.values()].filter(
      (entry) => entry.chatId === chatId && entry.known === undefined && entry.slice.isWatched,
    );
  }

  #read(chatId: string): void {
    const { client, replica, reads } = this.#options;
    let wanted: readonly Entry[] = [];
    reads.persist(`messages ${chatId}`, () =>
      replica.read(
        inChat(chatId),
        async () => {
          // What is asked for in this turn is read together.
          await Promise.resolve();
          wanted = this.#wanted(chatId).slice(0, READ_MAX);
          const ids = wanted.map(({ messageId }) => messageId);
          return ids.length === 0 ? { messages: [] } : client.message.list.query({ chatId, ids });
        },
        (page, meanwhile) => {
          if (meanwhile.some((event) => endsChat(event, replica.state.userId))) return false;
          const found = new Map(page.messages.map((message) => [message.id, message]));
          for (const entry of wanted) this.#become(entry, found.get(entry.messageId) ?? null);
          if (this.#wanted(chatId).length > 0) this.#read(chatId);
          return true;
        },
      ),
    );
  }
}
