import type { Chance } from '@fechatter/testing/chance';
import { call, type Move, sentIn, someoneIn } from './choices.ts';
import type { Scene } from './scene.ts';
import { send } from './sending.ts';

/** Replies go to few threads, so that several people write in the same one. */
const REPLIES_PER_ROOT = 6;

/** A recent message of the main timeline. */
function someRoot(scene: Scene, chance: Chance) {
  const roots = scene.sent.filter(({ acked, threadId }) => acked !== undefined && threadId === undefined);
  const few = roots.filter((_, index) => index % REPLIES_PER_ROOT === 0).slice(-20);
  const root = few.length === 0 ? undefined : chance.pick(few);
  const chat = scene.chats.find(({ id }) => id === root?.chatId);
  return root?.acked === undefined || chat === undefined ? undefined : { chat, rootId: root.acked.id };
}

/** Replies; a root that was deleted meanwhile refuses it. */
export const reply: Move = async (scene, chance) => {
  const root = someRoot(scene, chance);
  if (root === undefined) return;
  await send(scene, chance, root.chat, someoneIn(scene, chance, root.chat), { threadId: root.rootId });
};

export const follow: Move = async (scene, chance) => {
  const root = someRoot(scene, chance);
  if (root === undefined) return;
  const { chat, rootId } = root;
  const { client } = someoneIn(scene, chance, chat);
  const verb = chance.hits(0.6) ? 'follow' : 'unfollow';
  await call(scene, `thread.${verb}`, () => client.thread[verb].mutate({ chatId: chat.id, rootId }));
};

export const markThreadRead: Move = async (scene, chance) => {
  const root = someRoot(scene, chance);
  if (root === undefined) return;
  const { chat, rootId } = root;
  const { client } = someoneIn(scene, chance, chat);
  const number = 1 + chance.below(20);
  await call(scene, 'thread.markRead', () => client.thread.markRead.mutate({ chatId: chat.id, rootId, number }));
};

/** A person deletes their own reply. */
export const deleteReply: Move = async (scene, chance) => {
  const replies = scene.sent.filter(({ acked, threadId, isDeleted }) => acked && threadId !== undefined && !isDeleted);
  const message = replies.length === 0 ? undefined : chance.pick(replies.slice(-100));
  if (message?.acked === undefined) return;
  const { sender, chatId, acked } = message;
  message.isDeleted = true;
  await call(scene, 'message.delete', () => sender.client.message.delete.mutate({ chatId, messageId: acked.id }));
};

/** Deletes a message that has, or may have, replies. */
export const deleteRoot: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const root = scene.sent.find(({ acked }) => acked !== undefined && acked.id === message?.threadId);
  if (root?.acked === undefined || root.isDeleted) return;
  const { sender, chatId, acked } = root;
  root.isDeleted = true;
  await call(scene, 'message.delete', () => sender.client.message.delete.mutate({ chatId, messageId: acked.id }));
};
