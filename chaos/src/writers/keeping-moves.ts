import { call, type Move, sentIn, someoneIn } from './choices.ts';

/** Somebody pins or unpins a message. Fewer messages are pinned than a chat has room for, most of the time. */
export const pin: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = chance.hits(0.5) ? chat.owner : someoneIn(scene, chance, chat);
  const verb = chance.hits(0.6) ? 'pin' : 'unpin';
  const ref = { chatId: chat.id, messageId: message.acked.id };
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(ref));
};

/** Somebody saves a message for themselves, or lets go of it. */
export const save: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = someoneIn(scene, chance, chat);
  const verb = chance.hits(0.6) ? 'save' : 'unsave';
  const ref = { chatId: chat.id, messageId: message.acked.id };
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(ref));
};
