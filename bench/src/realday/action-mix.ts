/** The kinds of actions; each is a few calls. */
export type Action = 'open channel' | 'scroll' | 'post' | 'unread' | 'open direct' | 'permalink' | 'reconnect' | 'edit';

/**
 * Weights of mattermost-load-test-ng's SimulController (read 2026), taken there from production; posting is 1. Threads,
 * reactions, searches, profiles and what happens less often than 0.04 are left out.
 */
const weights: readonly (readonly [Action, number])[] = [
  ['open channel', 6.52],
  ['scroll', 1.99],
  ['post', 1],
  ['unread', 1],
  ['open direct', 0.98],
  ['permalink', 0.3],
  ['reconnect', 0.144],
  ['edit', 0.04],
];

/** Shares of all people, with the pause between two actions of each, in multiples of 20 s. */
const paces: readonly (readonly [part: number, factor: number])[] = [
  [0.05, 1],
  [0.1, 2],
  [0.15, 3],
  [0.4, 6],
  [0.3, 30],
];
const IDLE_SECONDS = 20;

/** The average number of actions per second of one person of the mix. */
export const actionsPerSecondOfOne: number = paces.reduce(
  (sum, [part, factor]) => sum + part / (IDLE_SECONDS * factor),
  0,
);

const total = weights.reduce((sum, [, weight]) => sum + weight, 0);

/** The action for a random number from 0 to 1. */
export function actionAt(chance: number): Action {
  let left = chance * total;
  for (const [action, weight] of weights) {
    if (left < weight) return action;
    left -= weight;
  }
  return 'open channel';
}

/** Chats of each size, by how many of them a person is in: direct, public, private, group. */
export const chatSizes = [
  { kind: 'direct', members: 2, aPerson: 12 },
  { kind: 'channel', members: 100, aPerson: 4 },
  { kind: 'channel', members: 30, aPerson: 2 },
  { kind: 'direct', members: 8, aPerson: 2 },
] as const;
