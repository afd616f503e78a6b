import type { FechatterClient } from '../create-fechatter.ts';
import type { Message } from '../wire.ts';
import type { Change } from './own-changes.ts';
import type { Replica } from './replica.ts';

/** The person's own reaction to a message, with one emoji. */
export const ownReaction = (client: FechatterClient, replica: Replica, emoji: string): Change => ({
  key: bare(emoji),
  show: (message, isSet) => withOwn(message, replica.state.userId, emoji, isSet),
  bring(ref, isSet) {
    const { react, unreact } = client.message;
    return replica.change(ref, () => (isSet ? react : unreact).mutate({ ...ref, emoji }));
  },
});

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
