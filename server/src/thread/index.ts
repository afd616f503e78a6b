import { follow } from './follow.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { markRead } from './mark-read.ts';
import { unfollow } from './unfollow.ts';

export const thread = {
  /** The threads that you follow in a workspace, the one with the latest reply first. */
  list,
  /** A thread: the message that was replied to, and how far you have read. */
  get,
  /** Follows a thread. */
  follow,
  /** Unfollows a thread, until you reply in it or follow it again. */
  unfollow,
  /** Marks a thread as read up to a reply, on all of your devices. */
  markRead,
};
