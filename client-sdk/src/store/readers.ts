import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import { Idle } from './idle.ts';
import type { Reads } from './reads.ts';
import type { MessageRef, Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** How many messages without a subscriber keep their slices. */
const IDLE_MAX = 50;

/** Undefined: not known, or the person or the chat has no receipts. */
type Ids = readonly string[] | undefined;

interface Entry extends MessageRef {
  ids: Ids;
  readonly slice: OwnSlice<Ids>;
}

export interface ReadersOptions {
  readonly client: Pick<FechatterClient, 'message'>;
  readonly replica: Replica;
  readonly reads: Reads;
  readonly sliceOf: ReturnType<typeof slices>;
}

/**
 * Who has read messages that have subscribers: read once, and then followed by signals, which may be lost, so it is read
 * again whenever the connection is back. The service decides whose receipts are shown.
 */
export class Readers {
  readonly #options: ReadersOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #idle = new Idle(IDLE_MAX, (messageId) => this.#entries.delete(messageId));

  constructor(options: ReadersOptions) {
    this.#options = options;
  }

  of({ chatId, messageId }: MessageRef): Slice<Ids> {
    const known = this.#entries.get(messageId);
    if (known !== undefined) return known.slice;
    const slice = this.#options.sliceOf<Ids>(() => entry.ids, {
      onWatched: () => {
        this.#idle.delete(messageId);
        this.#entries.set(messageId, entry);
        this.#read(entry);
      },
      onUnwatched: () => this.#leave(entry),
    });
    const entry: Entry = { chatId, messageId, ids: undefined, slice };
    this.#entries.set(messageId, entry);
    this.#leave(entry);
    return slice;
  }

  take(event: Event): void {
    const isOwn = 'message' in event && event.message.sender.id === this.#options.replica.state.userId;
    switch (event.kind) {
      case 'seen':
        for (const entry of this.#watched(event.chatId)) this.#seen(entry, event.userId, event.lastReadNumber);
        break;
      case 'message.created':
        // Sending implies reading, but only the service knows who shows that.
        for (const entry of this.#watched(event.chatId))
          if (!isOwn && entry.ids?.includes(event.message.sender.id) === false) this.#read(entry);
        break;
      case 'member.left':
        for (const entry of this.#watched(event.chatId))
          if (entry.ids?.includes(event.userId)) this.#set(entry, without(entry.ids, event.userId));
        break;
      case 'user.preferences':
        this.again();
        break;
      default:
    }
  }

  /** Signals may have been lost, or other rules hold: reads again what has subscribers. */
  again(): void {
    const isOff = this.#options.replica.state.own.preferences?.showReceipts === false;
    for (const entry of this.#entries.values()) {
      if (isOff) this.#set(entry, undefined);
      else if (entry.slice.isWatched) this.#read(entry);
    }
  }

  /** The person is not in the chat any more. */
  close(chatId: string): void {
    for (const entry of this.#entries.values()) if (entry.chatId === chatId) this.#set(entry, undefined);
  }

  /** No one is signed in any more. */
  end(): void {
    for (const entry of this.#entries.values()) this.#set(entry, undefined);
  }

  #watched(chatId: string): readonly Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.chatId === chatId && entry.slice.isWatched);
  }

  #seen(entry: Entry, userId: string, lastReadNumber: number): void {
    const message = this.#options.replica.find(entry);
    if (message === undefined) return this.#read(entry);
    if (entry.ids === undefined || entry.ids.includes(userId) || userId === message.sender.id) return;
    // In a thread, marks of the chat say nothing.
    if (message.threadId === null && lastReadNumber >= message.number) this.#set(entry, [...entry.ids, userId]);
  }

  #set(entry: Entry, ids: Ids): void {
    if (entry.ids === ids) return;
    entry.ids = ids;
    entry.slice.invalidate();
  }

  #read(entry: Entry): void {
    const { client, replica, reads } = this.#options;
    const { chatId, messageId } = entry;
    if (replica.state.own.preferences?.showReceipts === false) return;
    reads.persist(`readers ${messageId}`, () =>
      replica.read(
        (event) => ('chatId' in event && event.chatId === chatId && concerns(event) ? event : undefined),
        () => client.message.readers.query({ chatId, messageId }),
        ({ users }) => {
          const isOff = replica.state.own.preferences?.showReceipts === false;
          if (entry.slice.isWatched) this.#set(entry, isOff ? undefined : users.map(({ id }) => id));
          return true;
        },
      ),
    );
  }

  #leave(entry: Entry): void {
    this.#set(entry, undefined);
    this.#idle.add(entry.messageId);
  }
}

const concerns = ({ kind }: Event) => kind === 'seen' || kind === 'member.left';

const without = (ids: readonly string[], id: string) => ids.filter((other) => other !== id);
