import type { Message } from '../wire.ts';
import { messages, withSender } from './message.ts';

/** One page of a chat, as `message.list` answers it: newest first. */
export interface Page {
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}
/** The message at an end: where the next page begins, also after it was deleted. */
interface Anchor {
  readonly id: string;
  readonly number: number;
}

type Sender = Message['sender'];

const TOMBSTONES_MAX = 1_000;
const ECHOES_MAX = 1_000;

/**
 * A stretch of one chat's history without holes, moved by pages and events alike: records are replaced only by a higher
 * version, what was deleted does not come back, and what lies outside is left out.
 */
export class MessageWindow {
  readonly chatId: string;
  readonly #onChange: () => void;
  readonly #messages = new Map<string, Message>();
  readonly #tombstones = new Set<string>();
  /** Who sent under which id what has come lately, also if it is deleted now. */
  readonly #echoes = new Set<string>();
  #oldest: Anchor | undefined;
  #newest: Anchor | undefined;
  #hasOlder = true;
  #hasNewer = true;
  #isFilled = false;

  constructor(chatId: string, onChange: () => void) {
    this.chatId = chatId;
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
  list(): Message[] {
    return [...this.#messages.values()].sort((a, b) => a.number - b.number);
  }

  /** Begins anew with a page, the newest one where nothing is said. */
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

  /** Lets go of what is over `max`, on the side where nobody looks. */
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

  /** Takes a message in, if it says something new and lies inside. */
  put(message: Message): void {
    keepLast(this.#echoes, echoOf(message.sender.id, message.clientId), ECHOES_MAX);
    if (message.deletedAt !== null) return this.remove(message.id);
    const known = this.#messages.get(message.id);
    const next = messages.whole(known, message);
    if (next === known || this.#tombstones.has(message.id) || !this.covers(message.number)) return;
    this.#messages.set(message.id, next);
    if (message.number > this.newestNumber) this.#newest = anchorOf(message);
    this.#onChange();
  }

  /** Replaces a message, if it is there, by what it becomes. */
  change(messageId: string, next: (message: Message) => Message): void {
    const known = this.#messages.get(messageId);
    if (known === undefined) return;
    const changed = next(known);
    if (changed === known) return;
    this.#messages.set(messageId, changed);
    this.#onChange();
  }

  remove(messageId: string): void {
    keepLast(this.#tombstones, messageId, TOMBSTONES_MAX);
    if (this.#messages.delete(messageId)) this.#onChange();
  }

  /** Whether a message has come that this sender sent under this id. */
  hasEchoed(senderId: string, clientId: string): boolean {
    return this.#echoes.has(echoOf(senderId, clientId));
  }

  /** Everything up to this number is gone. */
  purge(throughNumber: number): void {
    for (const { id, number } of this.list()) if (number <= throughNumber) this.remove(id);
  }

  /** A sender has another name or picture. */
  rename(sender: Sender): void {
    for (const { id } of this.list()) this.change(id, (known) => withSender(known, sender));
  }

  /** Whether a message of this number would be shown: it lies between the ends. */
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
