import { randomBytes } from 'node:crypto';

/** A hash in the form of all others that no password has. */
export const hashOfNothing = (): string => `$argon2id$v=19$m=19456,t=2,p=1$${randomText(16)}$${randomText(32)}`;
const randomText = (bytes: number) => randomBytes(bytes).toString('base64').replaceAll('=', '');
