import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Message } from '../wire.ts';
import { isRefusal } from './reads.ts';
import type { MessageRef, Replica } from './replica.ts';

/** Something that a person sets on a message and takes off again. */
export interface Change {
  /** One message has one of each. */
  readonly key: string;
  /** The message as it will be. */
  show(message: Message, isSet: boolean): Message;
  /** Asks the service for it, and takes in what it returns. */
  bring(ref: MessageRef, isSet: boolean): Promise<void>;
}

/** The requested state of a change, and the calls that bring it there. */
interface Wish {
  readonly ref: MessageRef;
  readonly change: Change;
  /** The message as it was known at the time of the request; undefined: it was not read. */
  readonly known: Message | undefined;
  isSet: boolean;
  readonly done: Promise<void>;
}

/**
 * The person's own changes in flight: shown at once, one call at a time for each; the last request always reaches the
 * service.
 */
export class OwnChanges {
  readonly #replica: Replica;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  readonly #onChange: (chatId: string) => void;
  /** By message, and then by key. */
  readonly #underWay = new Map<string, Map<string, Wish>>();

  constructor(replica: Replica, backoff: BackoffOptions, stopped: AbortSignal, onChange: (chatId: string) => void) {
    this.#replica = replica;
    this.#backoff = backoff;
    this.#stopped = stopped;
    this.#onChange = onChange;
  }

  set(ref: MessageRef, change: Change, isSet: boolean): Promise<void> {
    const ofMessage = this.#underWay.get(ref.messageId) ?? new Map<string, Wish>();
    this.#underWay.set(ref.messageId, ofMessage);
    const underWay = ofMessage.get(change.key);
    if (underWay !== undefined) underWay.isSet = isSet;
    const wish = underWay ?? this.#begin(ref, change, isSet);
    ofMessage.set(change.key, wish);
    this.#onChange(ref.chatId);
    return wish.done;
  }

  /** The message as it will be after all requests. */
  shown(message: Message): Message {
    const wishes = this.#underWay.get(message.id);
    if (wishes === undefined) return message;
    return [...wishes.values()].reduce((shown, { change, isSet }) => change.show(shown, isSet), message);
  }

  /** The known messages that are to have this, as they will be, the latest first. */
  wished(key: string): readonly Message[] {
    const found: Message[] = [];
    for (const ofMessage of this.#underWay.values()) {
      const { isSet, known } = ofMessage.get(key) ?? {};
      if (isSet === true && known !== undefined) found.unshift(this.shown(known));
    }
    return found;
  }

  #begin(ref: MessageRef, change: Change, isSet: boolean): Wish {
    const known = this.#replica.find(ref);
    const wish: Wish = { ref, change, known, isSet, done: Promise.resolve().then(() => this.#bring(wish)) };
    return wish;
  }

  async #bring(wish: Wish): Promise<void> {
    const { ref, change } = wish;
    const backoff = new Backoff(this.#backoff);
    try {
      for (let reached: boolean | undefined; reached !== wish.isSet; ) {
        this.#stopped.throwIfAborted();
        const { isSet } = wish;
        try {
          await change.bring(ref, isSet);
          reached = isSet;
        } catch (error) {
          if (isRefusal(error)) throw error;
          await backoff.pause(this.#stopped);
        }
      }
    } finally {
      this.#end(wish);
    }
  }

  #end({ ref, change }: Wish): void {
    const ofMessage = this.#underWay.get(ref.messageId);
    ofMessage?.delete(change.key);
    if (ofMessage?.size === 0) this.#underWay.delete(ref.messageId);
    this.#onChange(ref.chatId);
  }
}
