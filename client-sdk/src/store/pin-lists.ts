import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { endsChat, inChat } from './concern.ts';
import { Idle } from './idle.ts';
import { MessageList } from './message-list.ts';
import type { OwnChanges } from './own-changes.ts';
import { PIN } from './own-marks.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

type Pins = readonly Message[] | undefined;

/** A list that was subscribed to: `messages` is undefined until it was read. */
interface OpenList {
  messages: MessageList | undefined;
  readonly slice: OwnSlice<Pins>;
}

/**
 * The pinned messages of chats that were subscribed to: read on the first subscription, and kept for a while
 * afterwards.
 */
export class PinLists {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #reads: Reads;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #own: Pick<OwnChanges, 'shown' | 'wished'>;
  readonly #lists = new Map<string, OpenList>();
  readonly #idle: Idle;

  constructor(
    client: FechatterClient,
    replica: Replica,
    reads: Reads,
    sliceOf: ReturnType<typeof slices>,
    { idleMax, own }: { readonly idleMax: number; readonly own: Pick<OwnChanges, 'shown' | 'wished'> },
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#reads = reads;
    this.#sliceOf = sliceOf;
    this.#idle = new Idle(idleMax, (chatId) => this.close(chatId));
    this.#own = own;
  }

  of(chatId: string): Slice<Pins> {
    const known = this.#lists.get(chatId);
    if (known !== undefined) return known.slice;
    const onWatched = () => {
      this.#idle.delete(chatId);
      if (open.messages === undefined) this.#read(chatId);
    };
    const compute = () => open.messages && this.#shown(chatId, open.messages);
    const slice = this.#sliceOf(compute, { onWatched, onUnwatched: () => this.#idle.add(chatId) });
    const open: OpenList = { messages: undefined, slice };
    this.#lists.set(chatId, open);
    return slice;
  }

  changed(chatId: string): void {
    this.#lists.get(chatId)?.slice.invalidate();
  }

  take(event: Event): void {
    if ('user' in event) {
      for (const { messages, slice } of this.#lists.values()) if (messages?.take(event) === true) slice.invalidate();
    } else if ('chatId' in event) this.#takeInChat(event.chatId, event);
  }

  put(message: Message): void {
    const messages = this.#lists.get(message.chatId)?.messages;
    if (messages === undefined) return;
    const isNew = message.pinnedAt !== null && !messages.has(message.id);
    if (isNew) messages.putFirst(message);
    if (messages.put(message) || isNew) this.#removeUnpinned(messages);
    else return;
    this.changed(message.chatId);
  }

  /** The person is in a chat (again). */
  open(chatId: string): void {
    if (this.#lists.get(chatId)?.slice.isWatched === true) this.#read(chatId);
  }

  /** The person is not in the chat any more: its state is dropped. */
  close(chatId: string): void {
    const open = this.#lists.get(chatId);
    if (open?.messages === undefined) return;
    open.messages = undefined;
    open.slice.invalidate();
  }

  /** Events were lost: reads again what has subscribers, and drops the rest. */
  again(): void {
    for (const [chatId, open] of this.#lists) {
      if (open.slice.isWatched) this.#read(chatId);
      else open.messages = undefined;
    }
  }

  /** No one is signed in any more. */
  end(): void {
    for (const chatId of this.#lists.keys()) this.close(chatId);
  }

  #takeInChat(chatId: string, event: Event): void {
    const open = this.#lists.get(chatId);
    if (open?.messages === undefined) return;
    const { messages, slice } = open;
    const hasChanged = messages.take(event);
    // It is not known yet, or was pinned again before the event of its unpinning arrived.
    if (event.kind === 'message.pinned' && event.pinnedAt !== null && messages.first?.id !== event.messageId)
      this.#read(chatId);
    if (this.#removeUnpinned(messages) || hasChanged) slice.invalidate();
  }

  #removeUnpinned(messages: MessageList): boolean {
    const gone = messages.list().filter(({ pinnedAt }) => pinnedAt === null);
    for (const { id } of gone) messages.remove(id);
    return gone.length > 0;
  }

  /** With the person's own pins that are on their way. */
  #shown(chatId: string, messages: MessageList): readonly Message[] {
    const wished = this.#own.wished(PIN).filter((message) => message.chatId === chatId && !messages.has(message.id));
    const shown = messages.list().map((message) => this.#own.shown(message));
    return [...wished, ...shown.filter(({ pinnedAt }) => pinnedAt !== null)];
  }

  #read(chatId: string): void {
    const { userId } = this.#replica.state;
    const open = this.#lists.get(chatId);
    if (open === undefined) return;
    this.#reads.persist(`pins ${chatId}`, () =>
      this.#replica.read(
        inChat(chatId),
        () => this.#client.chat.pins.query({ chatId }),
        ({ messages }, meanwhile) => {
          if (meanwhile.some((event) => endsChat(event, userId))) return false;
          open.messages = new MessageList(userId);
          open.messages.fill(messages);
          open.slice.invalidate();
          return true;
        },
      ),
    );
  }
}
