import type { FechatterClient } from '../create-fechatter.ts';
import { Backoff, type BackoffOptions } from '../events/backoff.ts';
import type { Message } from '../wire.ts';
import { isRefusal } from './reads.ts';
import type { Replica } from './replica.ts';

export interface ReactionRef {
  readonly chatId: string;
  readonly messageId: string;
  readonly emoji: string;
}

/** The requested state of a reaction, and the calls that bring it there. */
interface Wish {
  readonly ref: ReactionRef;
  isAdded: boolean;
  readonly done: Promise<void>;
}

/**
 * The person's own reactions in flight: shown at once, one call at a time for each; the last request always reaches the
 * service.
 */
export class OwnReactions {
  readonly #client: FechatterClient;
  readonly #replica: Replica;
  readonly #backoff: BackoffOptions;
  readonly #stopped: AbortSignal;
  readonly #onChange: (chatId: string) => void;
  /** By message, and then by emoji. */
  readonly #underWay = new Map<string, Map<string, Wish>>();

  constructor(
    client: FechatterClient,
    replica: Replica,
    backoff: BackoffOptions,
    stopped: AbortSignal,
    onChange: (chatId: string) => void,
  ) {
    this.#client = client;
    this.#replica = replica;
    this.#backoff = backoff;
    this.#stopped = stopped;
    this.#onChange = onChange;
  }

  set(ref: ReactionRef, isAdded: boolean): Promise<void> {
    const ofMessage = this.#underWay.get(ref.messageId) ?? new Map<string, Wish>();
    this.#underWay.set(ref.messageId, ofMessage);
    const key = bare(ref.emoji);
    const underWay = ofMessage.get(key);
    if (underWay !== undefined) underWay.isAdded = isAdded;
    const wish = underWay ?? this.#begin(ref, isAdded);
    ofMessage.set(key, wish);
    this.#onChange(ref.chatId);
    return wish.done;
  }

  /** The message as it will be after all requests. */
  shown(message: Message): Message {
    const wishes = this.#underWay.get(message.id);
    if (wishes === undefined) return message;
    const { userId } = this.#replica.state;
    return [...wishes.values()].reduce(
      (shown, { ref, isAdded }) => withOwn(shown, userId, ref.emoji, isAdded),
      message,
    );
  }

  #begin(ref: ReactionRef, isAdded: boolean): Wish {
    const wish: Wish = { ref, isAdded, done: Promise.resolve().then(() => this.#bring(wish)) };
    return wish;
  }

  async #bring(wish: Wish): Promise<void> {
    const { message } = this.#client;
    const backoff = new Backoff(this.#backoff);
    try {
      for (let reached: boolean | undefined; reached !== wish.isAdded; ) {
        this.#stopped.throwIfAborted();
        const { isAdded } = wish;
        try {
          this.#replica.acknowledge(await (isAdded ? message.react : message.unreact).mutate(wish.ref));
          reached = isAdded;
        } catch (error) {
          if (isRefusal(error)) throw error;
          await backoff.pause(this.#stopped);
        }
      }
    } finally {
      this.#end(wish.ref);
    }
  }

  #end({ chatId, messageId, emoji }: ReactionRef): void {
    const ofMessage = this.#underWay.get(messageId);
    ofMessage?.delete(bare(emoji));
    if (ofMessage?.size === 0) this.#underWay.delete(messageId);
    this.#onChange(chatId);
  }
}

/** An emoji is the same one with and without U+FE0F: the service stores it as Unicode writes it. */
const bare = (emoji: string): string => emoji.replaceAll('\uFE0F', '');

function withOwn(message: Message, userId: string, emoji: string, isAdded: boolean): Message {
  const isIt = (other: string) => bare(other) === bare(emoji);
  if (message.myReactions.some(isIt) === isAdded) return message;
  if (!isAdded) {
    const reactions = message.reactions.flatMap((kind) => {
      if (!isIt(kind.emoji)) return kind;
      const userIds = kind.userIds.filter((id) => id !== userId);
      return kind.count === 1 ? [] : { ...kind, count: kind.count - 1, userIds };
    });
    return { ...message, reactions, myReactions: message.myReactions.filter((own) => !isIt(own)) };
  }
  const known = message.reactions.find((kind) => isIt(kind.emoji));
  const kind = known ?? { emoji, count: 0, userIds: [] };
  const userIds = kind.userIds.length < USERS_SHOWN ? [...kind.userIds, userId] : kind.userIds;
  const more = { ...kind, count: kind.count + 1, userIds };
  const reactions =
    known === undefined ? [...message.reactions, more] : message.reactions.map((one) => (one === known ? more : one));
  return { ...message, reactions, myReactions: [...message.myReactions, kind.emoji] };
}

/** How many people are named per emoji. */
const USERS_SHOWN = 10;
