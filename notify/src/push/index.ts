import { key } from './key.ts';
import { subscribe } from './subscribe.ts';
import { subscriptions } from './subscriptions.ts';
import { test } from './test-push.ts';
import { unsubscribe } from './unsubscribe.ts';

export const push = {
  /** The public key for subscriptions. */
  key,
  /** Lets this session receive pushes. */
  subscribe,
  /** Where the caller’s sessions receive pushes. */
  subscriptions,
  /** Ends a subscription. */
  unsubscribe,
  /** Sends a test push. */
  test,
};
