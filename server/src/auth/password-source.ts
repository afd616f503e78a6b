import { networksOf } from '@fechatter/service-kit';
import type { AuthedContext, Context } from '../context.ts';
import type { KnownDevice } from '../identity/device-token.ts';
import { type HashLane, knownLane, strangersLane } from '../identity/hash-lane.ts';
import type { LimitName } from '../limits/limit-table.ts';

type Counted = readonly [name: LimitName, ...key: string[]];

/** The source of a password: the limits that count it if it is wrong, and the lane in which it waits for the hasher. */
export interface PasswordSource {
  /** From the narrowest to the widest: if one refuses, the wider ones do not count. */
  readonly counted: readonly Counted[];
  readonly lane: HashLane;
}

/** A caller at this address, for the account with this key. */
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

/** A device that the account with this id knows. */
export const knownDevice = (
  { address }: Pick<Context, 'address'>,
  { userId, deviceId }: Pick<KnownDevice, 'userId' | 'deviceId'>,
): PasswordSource => ({
  counted: [
    ['wrongPasswordByDevice', deviceId],
    ['wrongPasswordByDevices', userId],
  ],
  lane: knownLane(address, deviceId),
});

/** A signed-in person, counted by session, so that a thief with another session does not block them. */
export const ownSession = ({ address, principal }: AuthedContext): PasswordSource => ({
  counted: [['wrongPasswordBySession', principal.credential.sessionId]],
  lane: knownLane(address, principal.credential.sessionId),
});
