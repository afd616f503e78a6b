import type { Session } from '../wire.ts';

/** The last moment that a `Date` can be: a key does not expire. */
const NEVER_MS = 8.64e15;

/** The session of a bot: its key is the token, and nothing refreshes it. */
export const keySession = (apiKey: string, { id, fullName }: Pick<Session, 'id' | 'fullName'>): Session => ({
  id,
  email: null,
  fullName,
  token: apiKey,
  expiresAt: new Date(NEVER_MS),
  refreshToken: '',
  deviceToken: '',
});

export const isOfKey = ({ refreshToken }: Pick<Session, 'refreshToken'>): boolean => refreshToken === '';
