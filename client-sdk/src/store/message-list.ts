import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { messages, withPin, withReaction, withSender } from './message.ts';

/** Messages that are shown outside of their histories, in the order in which they were read, kept up to date by events. */
export class MessageList {
  readonly #userId: string;
  readonly #messages = new Map<string, Message>();

  constructor(userId: string) {
    this.#userId = userId;
  }

  list(): Message[] {
    return [...this.#messages.values()];
  }

  get first(): Message | undefined {
    return this.#messages.values().next().value;
  }

  fill(read: readonly Message[]): void {
    this.#messages.clear();
    for (const message of read) this.#messages.set(message.id, message);
  }

  /** Applies an event to the messages that it is about; returns whether anything has changed. */
  take(event: Event): boolean {
    const about = aboutOf(event);
    const found = about === undefined ? this.list() : [this.#messages.get(about)];
    return (
      found.filter((message) => message !== undefined && this.#become(message, after(message, event, this.#userId)))
        .length > 0
    );
  }

  /** Replaces a message by what the service has said of it. */
  put(message: Message): boolean {
    const known = this.#messages.get(message.id);
    return known !== undefined && this.#become(known, messages.whole(known, message));
  }

  remove(messageId: string): boolean {
    return this.#messages.delete(messageId);
  }

  #become(known: Message, next: Message | undefined): boolean {
    if (next === known) return false;
    if (next === undefined) this.#messages.delete(known.id);
    else this.#messages.set(known.id, next);
    return true;
  }
}

/** The one message that an event is about; undefined where it may be about many. */
function aboutOf(event: Event): string | undefined {
  if ('message' in event) return event.message.id;
  return 'messageId' in event ? event.messageId : undefined;
}

/** What an event makes of a message; undefined: it is gone. */
function after(message: Message, event: Event, ownId: string): Message | undefined {
  if ('user' in event) return withSender(message, event.user);
  switch (event.kind) {
    case 'message.created':
    case 'message.updated':
      if (event.message.deletedAt !== null) return undefined;
      return messages.whole(message, messages.without(event.message, 'myReactions'));
    case 'message.reacted':
      return withReaction(message, event, ownId);
    case 'message.pinned':
    case 'message.unpinned':
      return withPin(message, event);
    case 'message.deleted':
      return undefined;
    case 'chat.purged':
      return message.chatId === event.chatId && message.number <= event.throughNumber ? undefined : message;
    default:
      return message;
  }
}
