import type { Config } from '@fechatter/service-kit';

const MINUTE = 60;
const HOUR = 3_600;

/** How often something may be done; `max` 0: as often as one likes. */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
  /** Counted by the caller's address: does not hold for loopback outside production. */
  readonly isByAddress?: true;
}

/** Every limit that is counted in the database. */
export function limitTable({ limits }: Pick<Config<'server'>, 'limits'>) {
  return {
    signup: { max: limits.signupsPerHour, seconds: HOUR, isByAddress: true },
    signinByAddress: { max: limits.signinsPerMinute * 10, seconds: MINUTE, isByAddress: true },
    signinByAddressAndAccount: { max: limits.signinsPerMinute, seconds: MINUTE },
    /** Wrong passwords for one account, from wherever they come; off where sign-ins are not limited. */
    wrongPassword: { max: limits.signinsPerMinute === 0 ? 0 : 100, seconds: HOUR },
    /** A whole office may stand behind one address. */
    refresh: { max: 3_000, seconds: MINUTE, isByAddress: true },
    /** Old refresh tokens of one session: to judge one takes up to 10,000 steps. */
    refreshReuse: { max: 30, seconds: MINUTE },
    passwordChange: { max: 10, seconds: MINUTE },
    invite: { max: 120, seconds: MINUTE },
    acceptInvite: { max: 60, seconds: MINUTE },
    chatCreate: { max: limits.chatsPerHour, seconds: HOUR },
    profileChange: { max: limits.profileChangesPerHour, seconds: HOUR },
    export: { max: limits.exportsPerHour, seconds: HOUR },
  } satisfies Record<string, Limit>;
}
export type LimitName = keyof ReturnType<typeof limitTable>;
