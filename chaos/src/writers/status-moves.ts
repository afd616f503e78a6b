import { able, call, type Move } from './choices.ts';

/** Sets or removes the person's custom status. */
export const setStatus: Move = async (scene, chance) => {
  const { client } = chance.pick(able(scene));
  const status = chance.hits(0.2) ? {} : { emoji: '🍎', text: `status ${chance.below(1_000_000)}` };
  const lasting = chance.hits(0.2) ? { expiresInSeconds: 3_600 } : {};
  await call(scene, 'user.setStatus', () => client.user.setStatus.mutate({ ...status, ...lasting }));
};

/** Reports that the person is active, or not any more. */
export const setActivity: Move = async (scene, chance) => {
  const { client } = chance.pick(able(scene));
  const isActive = chance.hits(0.8);
  await call(scene, 'user.setActivity', () => client.user.setActivity.mutate({ isActive }));
};
