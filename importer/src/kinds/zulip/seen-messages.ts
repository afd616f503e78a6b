import { jsonElements } from '../../archive/json-elements.ts';
import type { Archive } from '../../archive/open-archive.ts';
import { fieldsOf } from '../lenient.ts';
import { idIn } from './zulip-json.ts';

/**
 * How many messages of channels with a hidden history there are, and how many of them each person could see. Members of a
 * chat see all of its history here, so only those can be members who could there. Only the counts are kept: a message that two
 * files repeat counts twice, and so does who received it.
 */
export class SeenMessages {
  readonly #closed: ReadonlySet<string>;
  readonly #messages = new Map<string, number>();
  /** By channel, then person. */
  readonly #seen = new Map<string, Map<string, number>>();

  constructor(closed: ReadonlySet<string>) {
    this.#closed = closed;
  }

  get isNeeded(): boolean {
    return this.#closed.size > 0;
  }

  /** Counts those of one file of messages, which has the rows of who received them too. A file can repeat rows. */
  async add(archive: Archive, name: string): Promise<void> {
    const recipients = new Map<string, string>();
    for await (const { list, value } of jsonElements(archive, name, 'lists')) {
      if (list !== 'zerver_message') continue;
      const [id, recipient] = [idIn(fieldsOf(value), 'id'), idIn(fieldsOf(value), 'recipient')];
      if (id === undefined || recipient === undefined || !this.#closed.has(recipient) || recipients.has(id)) continue;
      recipients.set(id, recipient);
      this.#messages.set(recipient, (this.#messages.get(recipient) ?? 0) + 1);
    }
    const counted = new Set<string>();
    for await (const { list, value } of recipients.size === 0 ? [] : jsonElements(archive, name, 'lists')) {
      if (list !== 'zerver_usermessage') continue;
      const [message = '', person] = [idIn(fieldsOf(value), 'message'), idIn(fieldsOf(value), 'user_profile')];
      const recipient = recipients.get(message);
      if (recipient === undefined || person === undefined || counted.has(`${message} ${person}`)) continue;
      counted.add(`${message} ${person}`);
      this.#count(recipient, person);
    }
  }

  #count(recipient: string, person: string): void {
    const people = this.#seen.get(recipient) ?? new Map<string, number>();
    people.set(person, (people.get(person) ?? 0) + 1);
    this.#seen.set(recipient, people);
  }

  /** Whether the person could see every message of the channel. */
  all(recipient: string, person: string): boolean {
    if (!this.#closed.has(recipient)) return true;
    return (this.#seen.get(recipient)?.get(person) ?? 0) >= (this.#messages.get(recipient) ?? 0);
  }
}
