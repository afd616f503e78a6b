import type { AuthedContext } from '../context.ts';
import type { LimitName } from '../limits/limit-table.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { SigninChallenge } from './signin-challenge.ts';

/** The limits that count a wrong code, from the narrowest to the widest: if one refuses, the wider ones do not count. */
export type CodeSource = readonly (readonly [name: LimitName, key: string])[];

/**
 * A sign-in that waits for its code. A device that the account knows is counted apart from others, so that a person who
 * knows the password and guesses codes elsewhere does not lock it out; unless all known devices guess too much.
 */
export async function signinSource(
  limits: Pick<RateLimits, 'hasLeft'>,
  { user_id: userId, device_id: deviceId }: SigninChallenge,
): Promise<CodeSource> {
  if (deviceId !== null && (await haveLeft(limits, userId)))
    return [
      ['wrongCodeByDevice', deviceId],
      ['wrongCodeByDevices', userId],
      ['wrongCodeByDevicesInADay', userId],
    ];
  return [
    ['wrongCodeByAccount', userId],
    ['wrongCodeByAccountInADay', userId],
  ];
}

const haveLeft = async (limits: Pick<RateLimits, 'hasLeft'>, userId: string) =>
  (await limits.hasLeft('wrongCodeByDevices', userId)) && (await limits.hasLeft('wrongCodeByDevicesInADay', userId));

/** A signed-in person. */
export const sessionSource = ({ principal }: AuthedContext): CodeSource => [
  ['wrongCodeBySession', principal.credential.sessionId],
  ['wrongCodeBySessionInADay', principal.credential.sessionId],
];
