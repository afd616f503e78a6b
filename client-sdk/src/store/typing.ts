import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import { OwnTyping } from './own-typing.ts';
import type { OwnSlice, Slice, slices } from './slice.ts';

/** How long a person is shown as typing after their last signal. */
const SHOWN_MS = 10_000;

export interface TypingOptions {
  readonly client: Pick<FechatterClient, 'chat'>;
  readonly userId: string;
  readonly sliceOf: ReturnType<typeof slices>;
  readonly shownMs?: number;
}

type Typists = Map<string, ReturnType<typeof setTimeout>>;

/** The people who are typing, by place: a chat's main timeline or a thread. */
export class Typing {
  readonly own: OwnTyping;
  readonly #userId: string;
  readonly #sliceOf: ReturnType<typeof slices>;
  readonly #shownMs: number;
  readonly #places = new Map<string, Typists>();
  readonly #slices = new Map<string, OwnSlice<readonly string[]>>();

  constructor({ client, userId, sliceOf, shownMs = SHOWN_MS }: TypingOptions) {
    this.own = new OwnTyping(client);
    this.#userId = userId;
    this.#sliceOf = sliceOf;
    this.#shownMs = shownMs;
  }

  of(chatId: string, threadId: string | null): Slice<readonly string[]> {
    const place = placeOf(chatId, threadId);
    const known = this.#slices.get(place);
    if (known !== undefined) return known;
    const slice = this.#sliceOf(() => [...(this.#places.get(place)?.keys() ?? [])]);
    this.#slices.set(place, slice);
    return slice;
  }

  apply(event: Event): void {
    switch (event.kind) {
      case 'typing': {
        const place = placeOf(event.chatId, event.threadId);
        return event.isTyping ? this.#begin(place, event.userId) : this.#end(place, event.userId);
      }
      case 'message.created':
        return this.#end(placeOf(event.chatId, threadOf(event.message)), event.message.sender.id);
      case 'member.left':
      case 'chat.deleted':
        return this.#left(event.chatId, 'userId' in event && event.userId !== this.#userId ? event.userId : undefined);
      default:
    }
  }

  close(): void {
    this.own.close();
    for (const [place, typists] of this.#places) for (const userId of typists.keys()) this.#end(place, userId);
  }

  #begin(place: string, userId: string): void {
    const typists: Typists = this.#places.get(place) ?? new Map();
    this.#places.set(place, typists);
    const isNew = !typists.has(userId);
    clearTimeout(typists.get(userId));
    typists.set(
      userId,
      setTimeout(() => this.#end(place, userId), this.#shownMs),
    );
    if (isNew) this.#slices.get(place)?.invalidate();
  }

  #end(place: string, userId: string): void {
    const typists = this.#places.get(place);
    clearTimeout(typists?.get(userId));
    if (typists?.delete(userId) !== true) return;
    if (typists.size === 0) this.#places.delete(place);
    this.#slices.get(place)?.invalidate();
  }

  /** Removes one member, or everyone if this person has left. */
  #left(chatId: string, userId: string | undefined): void {
    for (const [place, typists] of this.#places) {
      if (!place.startsWith(chatId)) continue;
      for (const one of typists.keys()) if (userId === undefined || one === userId) this.#end(place, one);
    }
  }
}

const placeOf = (chatId: string, threadId: string | null): string => `${chatId} ${threadId}`;

/** The thread that a message was sent to; null: the main timeline. */
const threadOf = (message: object): string | null =>
  'threadId' in message && typeof message.threadId === 'string' ? message.threadId : null;
