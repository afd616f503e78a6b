import type { AuthedContext, Context } from '../context.ts';
import { type HashLane, knownLane, strangersLane } from '../identity/hash-lane.ts';
import type { LimitName } from '../limits/limit-table.ts';
import { networksOf } from '../limits/limited-address.ts';

type Counted = readonly [name: LimitName, ...key: string[]];

/** Where a password comes from: by what it is counted where it is wrong, and in which lane it waits to be compared. */
export interface PasswordSource {
  /** From the narrowest on: what is refused by one is not counted by the wider ones. */
  readonly counted: readonly Counted[];
  readonly lane: HashLane;
}

/** Whoever calls from this address, for the account with this key. */
export function stranger({ address }: Pick<Context, 'address'>, account: string): PasswordSource {
  const [smallest, ...wider] = networksOf(address);
  const [site, network] = wider.length > 1 ? wider : [undefined, ...wider];
  return {
    counted: [
      ['wrongPasswordByAddress', smallest, account],
      ...(site === undefined ? [] : [['wrongPasswordBySite', site, account] as const]),
      ...(network === undefined ? [] : [['wrongPasswordByNetwork', network, account] as const]),
      ['wrongPasswordByAccount', account],
    ],
    lane: strangersLane(address),
  };
}

/** A device that the account knows. */
export const knownDevice = ({ address }: Pick<Context, 'address'>, deviceId: string): PasswordSource => ({
  counted: [['wrongPasswordByDevice', deviceId]],
  lane: knownLane(address, deviceId),
});

/** Somebody who is signed in: by their session, so that whoever stole another one is not in their way. */
export const ownSession = ({ address, principal }: AuthedContext): PasswordSource => ({
  counted: [['wrongPasswordBySession', principal.credential.sessionId]],
  lane: knownLane(address, principal.credential.sessionId),
});
