import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { aboutOf, after } from './after-event.ts';
import { messages } from './message.ts';

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
    const found = about === undefined ? this.list() : about.map((id) => this.#messages.get(id));
    return (
      found.filter((message) => message !== undefined && this.#become(message, after(message, event, this.#userId)))
        .length > 0
    );
  }

  /** Replaces a message by the state that the service has returned. */
  put(message: Message): boolean {
    const known = this.#messages.get(message.id);
    return known !== undefined && this.#become(known, messages.whole(known, message));
  }

  has(messageId: string): boolean {
    return this.#messages.has(messageId);
  }

  putFirst(message: Message): void {
    const others = this.list().filter(({ id }) => id !== message.id);
    others.unshift(message);
    this.fill(others);
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
