import { call, type Move, sentIn, someoneIn } from './choices.ts';

/** Pins or unpins a message. Most of the time a chat has fewer pins than it may have. */
export const pin: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = chance.hits(0.5) ? chat.owner : someoneIn(scene, chance, chat);
  const verb = chance.hits(0.6) ? 'pin' : 'unpin';
  const ref = { chatId: chat.id, messageId: message.acked.id };
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(ref));
};

/** Saves a message, or removes it from the saved ones. */
export const save: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = someoneIn(scene, chance, chat);
  const verb = chance.hits(0.6) ? 'save' : 'unsave';
  const ref = { chatId: chat.id, messageId: message.acked.id };
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(ref));
};
