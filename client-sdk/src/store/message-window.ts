import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { aboutOf, after, isShown } from './after-event.ts';
import { messages, withSender } from './message.ts';

/** The main timeline of a chat, or the replies of one of its threads. */
export interface Timeline {
  readonly chatId: string;
  readonly threadId: string | null;
}

/** The key of a window: no chat has the id of a message. */
export const keyOf = ({ chatId, threadId }: Timeline): string => threadId ?? chatId;

/** One page of a timeline, as `message.list` returns it: newest first. */
export interface Page {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}
/** The message at one end: where the next page begins, even after it was deleted. */
interface Anchor {
  readonly id: string;
  readonly number: number;
}

type Sender = Message['sender'];

const TOMBSTONES_MAX = 1_000;
const ECHOES_MAX = 1_000;

/**
 * A contiguous part of one timeline, changed by pages and events: records are replaced only by a higher version,
 * deleted messages do not come back, and messages outside of it are left out.
 */
export class MessageWindow {
  readonly chatId: string;
  readonly #key: string;
  readonly #onChange: () => void;
  readonly #messages = new Map<string, Message>();
  readonly #tombstones = new Set<string>();
  /** Senders and client ids of recent messages, including deleted ones. */
  readonly #echoes = new Set<string>();
  #oldest: Anchor | undefined;
  #newest: Anchor | undefined;
  #hasOlder = true;
  #hasNewer = true;
  #isFilled = false;

  constructor(timeline: Timeline, onChange: () => void) {
    this.chatId = timeline.chatId;
    this.#key = keyOf(timeline);
    this.#onChange = onChange;
  }

  get isFilled(): boolean {
    return this.#isFilled;
  }
  get hasOlder(): boolean {
    return this.#hasOlder;
  }
  /** False: it ends with the newest message and grows with what is sent. */
  get hasNewer(): boolean {
    return this.#hasNewer;
  }
  get oldestId(): string | undefined {
    return this.#oldest?.id;
  }
  get newestId(): string | undefined {
    return this.#newest?.id;
  }
  get newestNumber(): number {
    return this.#newest?.number ?? 0;
  }
  get size(): number {
    return this.#messages.size;
  }

  /** Oldest first. */
  get(messageId: string): Message | undefined {
    return this.#messages.get(messageId);
  }

  list(): Message[] {
    return [...this.#messages.values()].sort((a, b) => a.number - b.number);
  }

  /** Starts again with a page, by default the newest one. */
  begin({ messages, hasMore }: Page, hasNewer = false): void {
    this.#messages.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
    this.#hasOlder = hasMore;
    this.#hasNewer = false;
    this.#isFilled = true;
    for (const message of messages) this.put(message);
    this.#hasNewer = hasNewer;
    this.#oldest = anchorOf(messages.at(-1));
  }

  /** The page before the oldest one. */
  prepend({ messages, hasMore }: Page): void {
    this.#oldest = anchorOf(messages.at(-1)) ?? this.#oldest;
    this.#hasOlder = hasMore;
    for (const message of messages) this.put(message);
  }

  /** The page after the newest one. */
  append({ messages, hasMore }: Page): void {
    this.#newest = anchorOf(messages[0]) ?? this.#newest;
    this.#hasNewer = hasMore;
    for (const message of messages) this.put(message);
  }

  /** Drops messages over `max`, on the side that is not visible. */
  trim(max: number, side: 'oldest' | 'newest'): void {
    const over = this.#messages.size - max;
    if (over <= 0) return;
    const all = this.list();
    const dropped = side === 'oldest' ? all.slice(0, over) : all.slice(-over);
    const kept = side === 'oldest' ? all[over] : all[all.length - over - 1];
    for (const { id } of dropped) this.#messages.delete(id);
    if (side === 'oldest') [this.#oldest, this.#hasOlder] = [anchorOf(kept), true];
    else [this.#newest, this.#hasNewer] = [anchorOf(kept), true];
  }

  /** Adds or replaces a message, if it is newer and inside of the window. */
  put(message: Message): void {
    keepLast(this.#echoes, echoOf(message.sender.id, message.clientId), ECHOES_MAX);
    if (!isShown(message)) return this.remove(message.id);
    const known = this.#messages.get(message.id);
    const next = messages.whole(known, message);
    if (next === known || this.#tombstones.has(message.id) || !this.covers(message.number)) return;
    this.#messages.set(message.id, next);
    if (message.number > this.newestNumber) this.#newest = anchorOf(message);
    this.#onChange();
  }

  /**
   * Applies an event of the chat. Keys that differ by reader, which events do not contain, stay as reads and the
   * person's own reactions have set them.
   */
  take(event: Event, ownId: string): void {
    if ('message' in event && keyOf(event.message) === this.#key)
      this.put(messages.without(event.message, 'myReactions'));
    for (const id of aboutOf(event) ?? [...this.#messages.keys()])
      this.#change(id, (message) => after(message, event, ownId));
    // Also if it is not there yet: a page in flight may contain it.
    if (event.kind !== 'message.deleted' || keyOf(event) !== this.#key) return;
    if (event.threadId !== null || !event.thread?.replyCount) this.remove(event.messageId);
  }

  /** Whether the window shows a deleted message that has replies. */
  get hasTombstones(): boolean {
    return [...this.#messages.values()].some(({ deletedAt }) => deletedAt !== null);
  }

  #change(messageId: string, next: (message: Message) => Message | undefined): void {
    const known = this.#messages.get(messageId);
    if (known === undefined) return;
    const changed = next(known);
    if (changed === undefined) return this.remove(messageId);
    if (changed === known) return;
    this.#messages.set(messageId, changed);
    this.#onChange();
  }

  remove(messageId: string): void {
    keepLast(this.#tombstones, messageId, TOMBSTONES_MAX);
    if (this.#messages.delete(messageId)) this.#onChange();
  }

  /** Whether a message from this sender with this client id has arrived. */
  hasEchoed(senderId: string, clientId: string): boolean {
    return this.#echoes.has(echoOf(senderId, clientId));
  }

  /** A sender has another name or picture. */
  rename(sender: Sender): void {
    for (const { id } of this.list()) this.#change(id, (known) => withSender(known, sender));
  }

  /** Whether a message with this number would be inside of the window. */
  covers(number: number): boolean {
    if (!this.#isFilled) return false;
    if (this.#hasOlder && this.#oldest !== undefined && number < this.#oldest.number) return false;
    return !this.#hasNewer || number <= this.newestNumber;
  }
}

const anchorOf = (message: Message | undefined): Anchor | undefined =>
  message === undefined ? undefined : { id: message.id, number: message.number };

const echoOf = (senderId: string, clientId: string) => `${senderId} ${clientId}`;

function keepLast(set: Set<string>, value: string, max: number): void {
  set.add(value);
  const [eldest] = set;
  if (set.size > max && eldest !== undefined) set.delete(eldest);
}
