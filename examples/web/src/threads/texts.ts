import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of threads. */
export const texts = translated('threads', {
  title: 'Thread',
  unread: 'unread',
  reply: 'Reply in thread',
  list: 'Threads',
  follow: 'Follow this thread',
  unfollow: 'Stop following this thread',
  close: 'Close the thread',
  back: 'Back to the conversation',
  allConversations: 'All conversations',
  beginning: (count: number) =>
    count === 0 ? 'No replies yet.' : plural(count, { one: '# reply', other: '# replies' }),
  root: 'The message that was replied to',
  deleted: 'This message was deleted.',
  none: 'You follow no threads yet. You follow one when you reply in it, or when someone replies to you.',
  reading: 'Reading…',
  replies: (count: number) => plural(count, { one: '# reply', other: '# replies' }),
  newReplies: (count: number) => plural(count, { one: '# new reply', other: '# new replies' }),
  last: (when: string) => `last ${when}`,
  repliesIn: (chat: string) => `Replies in a thread of ${chat}`,
  messageTo: (chat: string) => `Reply in the thread in ${chat}`,
  placeholder: 'Reply…',
});
