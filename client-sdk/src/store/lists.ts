import type { FechatterClient } from '../create-fechatter.ts';
import type { Event } from '../events/event.ts';
import type { Message } from '../wire.ts';
import { EmojiLists } from './emoji-lists.ts';
import { MemberLists } from './member-lists.ts';
import type { OwnChanges } from './own-changes.ts';
import { PinLists } from './pin-lists.ts';
import { Readers } from './readers.ts';
import type { Reads } from './reads.ts';
import type { Replica } from './replica.ts';
import { SavedList } from './saved-list.ts';
import { SingleMessages } from './single-messages.ts';
import type { slices } from './slice.ts';

export interface ListsOptions {
  readonly client: FechatterClient;
  readonly replica: Replica;
  readonly reads: Reads;
  readonly sliceOf: ReturnType<typeof slices>;
  readonly own: Pick<OwnChanges, 'shown' | 'wished'>;
  /** How many lists of a kind are kept without a subscriber. */
  readonly idleMax: number;
}

/** The lists besides the histories: members, pinned, saved and single messages, their readers, emoji. */
export class Lists {
  readonly members: MemberLists;
  readonly pins: PinLists;
  readonly saved: SavedList;
  readonly emoji: EmojiLists;
  readonly messages: SingleMessages;
  readonly readers: Readers;

  constructor({ client, replica, reads, sliceOf, own, idleMax }: ListsOptions) {
    this.members = new MemberLists(replica, reads, sliceOf, idleMax);
    this.pins = new PinLists(client, replica, reads, sliceOf, { idleMax, own });
    this.saved = new SavedList(client, replica, reads, sliceOf, own);
    this.emoji = new EmojiLists(client, replica, reads, sliceOf);
    this.messages = new SingleMessages({ client, replica, reads, sliceOf, own });
    this.readers = new Readers({ client, replica, reads, sliceOf });
  }

  take(event: Event): void {
    this.pins.take(event);
    this.saved.take(event);
    this.emoji.take(event);
    this.messages.take(event);
    this.readers.take(event);
  }

  /** The service has returned the current state of a message. */
  put(message: Message): void {
    this.pins.put(message);
    this.saved.put(message);
    this.messages.put(message);
  }

  /** The shown messages of a chat have changed without an event. */
  changed(chatId: string): void {
    this.pins.changed(chatId);
    this.saved.changed();
    this.messages.changed(chatId);
  }

  /** The person is in a chat (again). */
  open(chatId: string): void {
    this.members.open(chatId);
    this.pins.open(chatId);
    this.messages.open(chatId);
  }

  /** The person is not in the chat any more. */
  close(chatId: string): void {
    this.pins.close(chatId);
    this.messages.close(chatId);
    this.readers.close(chatId);
  }

  /** Events were lost. */
  again(): void {
    this.members.again();
    this.pins.again();
    this.saved.again();
    this.emoji.again();
    this.messages.again();
    this.readers.again();
  }

  /** No one is signed in any more. */
  end(): void {
    this.pins.end();
    this.saved.end();
    this.emoji.end();
    this.messages.end();
    this.readers.end();
  }
}
