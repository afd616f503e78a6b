import type { Config } from '@fechatter/service-kit';

const MINUTE = 60;
const HOUR = 3_600;
/** Far more than one network is allowed, so that few cannot keep the owner from a new device; and hopeless to guess by. */
const WRONG_BY_ACCOUNT = 1_000;
/** More than people mistype, and hopeless to guess by. */
const WRONG_BY_DEVICES = 300;

/** How often something may be done; `max` 0: as often as one likes. */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
  /** Counted by the caller's address: does not hold for loopback outside production. */
  readonly isByAddress?: true;
}

/** Every limit that is counted in the database. */
export function limitTable({ limits }: Pick<Config<'server'>, 'limits'>) {
  /** Off where sign-ins are not limited. */
  const wrong = (max: number): Limit => ({ max: limits.signinsPerMinute === 0 ? 0 : max, seconds: HOUR });
  return {
    signup: { max: limits.signupsPerHour, seconds: HOUR, isByAddress: true },
    signinByAddress: { max: limits.signinsPerMinute * 10, seconds: MINUTE, isByAddress: true },
    signinByAddressAndAccount: { max: limits.signinsPerMinute, seconds: MINUTE },
    signinByDevice: { max: limits.signinsPerMinute, seconds: MINUTE },
    /**
     * Wrong passwords for one account from one address (an IPv6 one: its /64), its /56, its /48 or /24, and from
     * everywhere together, but for its known devices and its sessions: each of those has a count of its own. Whoever knew
     * a password may have made many devices known: where all of them guess too much, each is counted as a stranger is.
     */
    wrongPasswordByAddress: wrong(30),
    wrongPasswordBySite: wrong(50),
    wrongPasswordByNetwork: wrong(100),
    wrongPasswordByAccount: wrong(WRONG_BY_ACCOUNT),
    wrongPasswordByDevice: wrong(100),
    wrongPasswordByDevices: wrong(WRONG_BY_DEVICES),
    wrongPasswordBySession: wrong(100),
    /**
     * Wrong codes of an authenticator app, of which a million exist and three are right. They follow the right password,
     * so they are few: of one account, an hour and a day, from everywhere; but from its known devices and sessions apart.
     */
    wrongCodeByAccount: wrong(20),
    wrongCodeByAccountInADay: { ...wrong(60), seconds: 24 * HOUR },
    wrongCodeByDevice: wrong(20),
    wrongCodeByDevices: wrong(60),
    wrongCodeBySession: wrong(20),
    /** Recovery codes cannot be guessed: this is for the load alone, by address and account, so nobody is locked out. */
    recoveryCode: { max: 10, seconds: MINUTE },
    secondFactor: { max: 60, seconds: MINUTE, isByAddress: true },
    /** What makes mails, by who asks for it, and by whom they go to. */
    passwordReset: { max: 20, seconds: HOUR, isByAddress: true },
    verification: { max: 5, seconds: HOUR },
    /** Of one person, each of which may send a mail to a stranger. */
    emailChange: { max: 10, seconds: HOUR },
    mailToByAddress: { max: 5, seconds: HOUR },
    mailToByNetwork: { max: 10, seconds: HOUR },
    mailTo: { max: 30, seconds: HOUR },
    /** Tokens from mails: to look for one costs a query. */
    mailToken: { max: 60, seconds: MINUTE, isByAddress: true },
    /** How often the owner of an account is told that somebody guesses its password. */
    attackTold: { max: 1, seconds: HOUR },
    /** Each token is good once. */
    exchange: { max: 600, seconds: MINUTE, isByAddress: true },
    /** A whole office may stand behind one address. */
    refresh: { max: 3_000, seconds: MINUTE, isByAddress: true },
    /** Old refresh tokens without a proof, of one session and address: to judge one takes up to 10,000 steps. */
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
