import type { Event } from '../events/event.ts';
import type { MemberUser, Message } from '../wire.ts';
import { isShownAs, shownAs } from './sender.ts';

const NAMES_MAX = 10_000;

/**
 * People's names by the last event that changed them. A message that was written while its sender was being renamed may
 * arrive after the event with the new name, and a repeated message after newer ones: both contain the old name.
 */
export class Names {
  readonly #byUser = new Map<string, MemberUser>();

  /** The event with the current names. */
  inEvent(event: Event): Event {
    if ('user' in event) this.#learn(event.user);
    if (event.kind !== 'message.created' && event.kind !== 'message.updated') return event;
    const message = this.inMessage(event.message);
    return message === event.message ? event : { ...event, message };
  }

  inMessage(message: Message): Message {
    const { sender } = message;
    const known = this.#byUser.get(sender.id);
    if (known === undefined || isShownAs(sender, known)) return message;
    return { ...message, sender: shownAs(sender, known) };
  }

  clear(): void {
    this.#byUser.clear();
  }

  #learn(user: MemberUser): void {
    this.#byUser.delete(user.id);
    this.#byUser.set(user.id, user);
    const [eldest] = this.#byUser.keys();
    if (this.#byUser.size > NAMES_MAX && eldest !== undefined) this.#byUser.delete(eldest);
  }
}
