import type { Config } from '@fechatter/service-kit';

const MINUTE = 60;
const HOUR = 3_600;
/**
 * Far more than one network is allowed, so that a few networks cannot keep the owner off a new device; yet far too few
 * for guessing.
 */
const WRONG_BY_ACCOUNT = 1_000;
/** More than people mistype, and far too few for guessing. */
const WRONG_BY_DEVICES = 300;

/** How often something may be done; `max` 0: no limit. */
export interface Limit {
  readonly max: number;
  readonly seconds: number;
  /** Counted by the caller's address; not applied to loopback outside production. */
  readonly isByAddress?: true;
}

/** Every limit that is counted in the database. */
export function limitTable({ limits }: Pick<Config<'server'>, 'limits'>) {
  /** Off if sign-ins are not limited. */
  const wrong = (max: number): Limit => ({ max: limits.signinsPerMinute === 0 ? 0 : max, seconds: HOUR });
  return {
    signup: { max: limits.signupsPerHour, seconds: HOUR, isByAddress: true },
    signinByAddress: { max: limits.signinsPerMinute * 10, seconds: MINUTE, isByAddress: true },
    signinByAddressAndAccount: { max: limits.signinsPerMinute, seconds: MINUTE },
    signinByDevice: { max: limits.signinsPerMinute, seconds: MINUTE },
    /**
     * Wrong passwords for one account from one address (an IPv6 one: its /64), its /56, its /48 or /24, and from
     * everywhere together, except for its known devices and sessions, which have separate counts. A person who knew a
     * password may have made many devices known: if all of them together guess too much, each is counted like a
     * stranger.
     */
    wrongPasswordByAddress: wrong(30),
    wrongPasswordBySite: wrong(50),
    wrongPasswordByNetwork: wrong(100),
    wrongPasswordByAccount: wrong(WRONG_BY_ACCOUNT),
    wrongPasswordByDevice: wrong(100),
    wrongPasswordByDevices: wrong(WRONG_BY_DEVICES),
    wrongPasswordBySession: wrong(100),
    /**
     * Wrong codes of an authenticator app, of which a million exist and three are right. They follow the right
     * password, so the limits are low: per account, hour and day, from everywhere, with separate counts for its known
     * devices and sessions.
     */
    wrongCodeByAccount: wrong(20),
    wrongCodeByAccountInADay: { ...wrong(60), seconds: 24 * HOUR },
    wrongCodeByDevice: wrong(20),
    wrongCodeByDevices: wrong(60),
    wrongCodeByDevicesInADay: { ...wrong(120), seconds: 24 * HOUR },
    wrongCodeBySession: wrong(20),
    wrongCodeBySessionInADay: { ...wrong(60), seconds: 24 * HOUR },
    /** Recovery codes cannot be guessed: this only bounds the load, by address and account, so no one is locked out. */
    recoveryCode: { max: 10, seconds: MINUTE },
    secondFactor: { max: 60, seconds: MINUTE, isByAddress: true },
    /** Each begins with a row for its challenge. */
    passkeySignin: { max: 120, seconds: MINUTE, isByAddress: true },
    /** Calls that send mails: by the requester, and by the recipient. */
    passwordReset: { max: 20, seconds: HOUR, isByAddress: true },
    verification: { max: 5, seconds: HOUR },
    /** Per person; each may send a mail to a stranger. */
    emailChange: { max: 10, seconds: HOUR },
    mailToByAddress: { max: 5, seconds: HOUR },
    mailToByNetwork: { max: 10, seconds: HOUR },
    mailTo: { max: 30, seconds: HOUR },
    /** Tokens from mails: looking one up costs a query. */
    mailToken: { max: 60, seconds: MINUTE, isByAddress: true },
    /** How often the owner of an account is notified of guesses. */
    attackReported: { max: 1, seconds: HOUR },
    /** How often the audit log says that a key sends as a person in a chat. */
    keySendsNoted: { max: 1, seconds: 24 * HOUR },
    /** Each token can be used once. */
    link: { max: 10, seconds: MINUTE },
    oidc: { max: 60, seconds: MINUTE, isByAddress: true },
    exchange: { max: 600, seconds: MINUTE, isByAddress: true },
    /** A whole office may share one address. */
    refresh: { max: 3_000, seconds: MINUTE, isByAddress: true },
    /** Old refresh tokens without a proof, per session and address: checking one takes up to 10,000 steps. */
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
