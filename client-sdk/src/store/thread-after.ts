import type { Event } from '../events/event.ts';
import type { Thread } from '../wire.ts';
import { after } from './after-event.ts';
import { mentionNumbersOf } from './mentions.ts';
import { messages } from './message.ts';
import type { EventOf } from './reducer.ts';

/** Applies a read of a thread: each part replaces an older one. */
export function wholeThread(known: Thread | undefined, read: Thread): Thread {
  if (known === undefined) return read;
  return counted({ ...withMark(known, read), root: messages.whole(known.root, read.root) });
}

/** A thread after an event of its chat; undefined: it does not exist any more. */
export function threadAfter(thread: Thread, event: Event, ownId: string): Thread | undefined {
  const root = after(thread.root, event, ownId);
  if (root === undefined) return undefined;
  if (event.kind === 'thread.read') return event.rootId === root.id ? counted(withMark(thread, event)) : thread;
  const next = event.kind === 'message.created' ? withOwnReply(thread, event, ownId) : thread;
  const mentionNumbers = mentionNumbersAfter(next, event, ownId);
  if (root === thread.root && next === thread && mentionNumbers === thread.mentionNumbers) return thread;
  return counted({ ...next, mentionNumbers, root });
}

/** New, changed and deleted replies can change the mentions, which only followers receive. */
function mentionNumbersAfter(thread: Thread, event: Event, ownId: string): number[] {
  const { following, mentionNumbers, root } = thread;
  if (event.kind === 'message.created' || event.kind === 'message.updated')
    return following && event.message.threadId === root.id
      ? mentionNumbersOf(thread, event.message, ownId)
      : mentionNumbers;
  if (event.kind !== 'message.deleted' || event.threadId !== root.id || !mentionNumbers.includes(event.number))
    return mentionNumbers;
  return mentionNumbers.filter((number) => number !== event.number);
}

/** An own reply marks everything up to itself as read, unless the person has moved the mark since. */
function withOwnReply(thread: Thread, { message }: EventOf<'message.created'>, ownId: string): Thread {
  const isOwn = message.sender.id === ownId && message.threadId === thread.root.id && message.seq > thread.markSeq;
  if (!isOwn || message.number <= thread.lastReadNumber) return thread;
  return { ...thread, lastReadNumber: message.number };
}

type Mark = Omit<Thread, 'root' | 'unreadCount'>;

/** The mark with the higher version; of two with the same version, the one that own replies have moved further. */
function withMark(thread: Thread, { following, lastReadNumber, markVersion, markSeq, mentionNumbers }: Mark): Thread {
  if (markVersion < thread.markVersion) return thread;
  const isSame = markVersion === thread.markVersion;
  const furthest = isSame ? Math.max(thread.lastReadNumber, lastReadNumber) : lastReadNumber;
  return { ...thread, following, lastReadNumber: furthest, markVersion, markSeq, mentionNumbers };
}

/** Computes the keys that depend on others. Without following, everything counts as read. */
function counted(thread: Thread): Thread {
  const lastNumber = thread.root.thread?.lastNumber ?? 0;
  const lastReadNumber = thread.following ? thread.lastReadNumber : lastNumber;
  const mentionNumbers = thread.mentionNumbers.filter((number) => number > lastReadNumber);
  return { ...thread, lastReadNumber, unreadCount: Math.max(0, lastNumber - lastReadNumber), mentionNumbers };
}
