import { able, call, type Move, someChat, someoneIn } from './choices.ts';

/** Changes notification preferences, of a chat or of the person. */
export const choose: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const { client } = someoneIn(scene, chance, chat);
  const level = chance.pick(['All', 'Mentions', 'Nothing', null] as const);
  const mutedForSeconds = chance.hits(0.3) ? 86_400 : null;
  const input = { chatId: chat.id, level, mutedForSeconds };
  if (chance.hits(0.6)) await call(scene, 'chat.setNotifications', () => client.chat.setNotifications.mutate(input));
  else
    await call(scene, 'user.setPreferences', () =>
      client.user.setPreferences.mutate({ pushPreviews: chance.hits(0.5) }),
    );
};

/** Blocks a person for a moment. */
export const blockForAMoment: Move = async (scene, chance) => {
  const [{ client }, other] = [chance.pick(able(scene)), chance.pick(able(scene))];
  await call(scene, 'user.block', () => client.user.block.mutate({ userId: other.id }));
  await call(scene, 'user.unblock', () => client.user.unblock.mutate({ userId: other.id }));
};
