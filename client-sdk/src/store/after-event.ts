import { emptyOfMessage } from '@fechatter/contract/filled';
import type { Event } from '../events/event.ts';
import type { Message, ThreadSummary } from '../wire.ts';
import { messages, withFile, withPin, withReaction, withSaved, withSender } from './message.ts';
import type { EventOf } from './reducer.ts';

/** A deleted message is shown while it has replies. */
export const isShown = ({ deletedAt, thread }: Message): boolean => deletedAt === null || (thread?.replyCount ?? 0) > 0;

/** The messages that an event affects, including a reply's root; undefined if it may affect many. */
export function aboutOf(event: Event): readonly string[] | undefined {
  const root = 'threadId' in event ? event.threadId : null;
  if ('message' in event) return [event.message.id, event.message.threadId].filter((id) => id !== null);
  return 'messageId' in event ? [event.messageId, root].filter((id) => id !== null) : undefined;
}

/** The message after an event that affects it; undefined: it is not shown any more. */
export function after(message: Message, event: Event, ownId: string): Message | undefined {
  if ('user' in event) return withSender(message, event.user);
  switch (event.kind) {
    case 'message.created':
    case 'message.updated':
      return ifShown(
        event.message.id === message.id
          ? messages.whole(message, messages.without(event.message, 'myReactions'))
          : withThread(message, event.message.threadId, event.thread),
      );
    case 'message.deleted':
      return ifShown(
        event.messageId === message.id
          ? afterDeletion(message, event)
          : withThread(message, event.threadId, event.thread),
      );
    case 'message.reacted':
      return event.messageId === message.id ? withReaction(message, event, ownId) : message;
    case 'message.pinned':
    case 'message.unpinned':
      return event.messageId === message.id ? withPin(message, event) : message;
    case 'file.updated':
      return event.messageId === message.id ? withFile(message, event) : message;
    case 'message.saved':
    case 'message.unsaved':
      return event.messageId === message.id ? withSaved(message, event.kind === 'message.saved') : message;
    case 'chat.purged':
      return afterPurge(message, event);
    default:
      return message;
  }
}

/** A tombstone is never saved. */
const ifShown = (message: Message) =>
  isShown(message) ? withSaved(message, message.isSaved && message.deletedAt === null) : undefined;

/** A reply was added or deleted: updates the summary of its root. */
const withThread = (root: Message, rootId: string | null, thread: ThreadSummary | null | undefined): Message =>
  thread && root.id === rootId ? messages.part(root, 'thread', thread.version, { thread }) : root;

/** The tombstone of a deleted message. */
const withoutContent = ({ threadId, thread }: Message, deletedAt: Date) =>
  // Each message gets its own lists.
  ({ ...emptyOfMessage, reactions: [], files: [], myReactions: [], threadId, thread, content: '', deletedAt });

function afterDeletion(message: Message, { seq, deletedAt, threadId, thread }: EventOf<'message.deleted'>): Message {
  const left = { ...message, ...withoutContent(message, deletedAt), version: seq };
  return messages.whole(message, threadId === null ? { ...left, thread } : left);
}

/**
 * A root is purged before its replies: if any may be left, it stays without content. It keeps its version, so that the
 * next read brings the time of the purge.
 */
function afterPurge(message: Message, { chatId, throughNumber, throughSeq }: EventOf<'chat.purged'>) {
  const { threadId, thread } = message;
  const isGone = threadId === null ? message.number <= throughNumber : message.seq <= throughSeq;
  if (message.chatId !== chatId || !isGone) return message;
  if (thread === null || thread.replyCount === 0 || thread.version <= throughSeq) return undefined;
  return message.deletedAt === null
    ? messages.patch(message, { ...withoutContent(message, new Date()), isSaved: false })
    : message;
}
