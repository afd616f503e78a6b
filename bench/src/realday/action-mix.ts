/** The kinds of actions; each is a few calls. */
export type Action =
  | 'open channel'
  | 'scroll'
  | 'post'
  | 'reply'
  | 'react'
  | 'unread'
  | 'open direct'
  | 'permalink'
  | 'reconnect'
  | 'edit'
  | 'delete'
  | 'threads'
  | 'thread'
  | 'read thread'
  | 'unfollow'
  | 'search'
  | 'profile'
  | 'status';

type Weights = readonly (readonly [Action, number])[];

/** Posts that are replies: `PercentReplies` of the SimulController's configuration. */
const REPLIES = 0.18;

/** The actions that there were before threads, reactions and searches; the weights are those of `whole`. */
const plain: Weights = [
  ['open channel', 6.5219],
  ['scroll', 1.9873],
  ['post', 1],
  ['unread', 1],
  ['open direct', 0.9843],
  ['permalink', 0.3],
  ['reconnect', 0.144],
  ['edit', 0.04],
];

/**
 * Weights of mattermost-load-test-ng's SimulController, taken there from production; posting is 1
 * (`loadtest/control/simulcontroller/controller.go`, `getActionList`, read 2026 at commit 072ff078). Left out are what has no
 * counterpart here (teams, side bars, reminders, surveys), searches for people and channels, and what is rarer than 0.002.
 */
const whole: Weights = [
  ...plain.filter(([action]) => action !== 'post'),
  ['post', 1 - REPLIES],
  ['reply', REPLIES],
  ['threads', 0.6023],
  ['read thread', 0.3236],
  ['thread', 0.2841],
  ['react', 0.1306],
  ['profile', 0.03],
  ['search', 0.0218],
  ['status', 0.0054],
  ['unfollow', 0.005],
  ['delete', 0.0049],
];

/** In `whole`, a person types before each message; in `plain` there are no typing signals. */
export const mixes = { plain, whole } as const;
export type Mix = keyof typeof mixes;

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

/** The action of a mix for a random number from 0 to 1. */
export function actionAt(mix: Mix, chance: number): Action {
  const weights = mixes[mix];
  let left = chance * weights.reduce((sum, [, weight]) => sum + weight, 0);
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
