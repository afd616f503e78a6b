import { createHash, randomBytes } from 'node:crypto';

/** Without the letters that look like digits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz023456789';
const CHARS = 16;
const COUNT = 10;
const form = new RegExp(`^[${ALPHABET}]{${CHARS}}$`);

/** Ten codes of 80 random bits each, as people copy them: `abcd-efgh-jkmn-pqrs`. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: COUNT }, () =>
    Array.from(randomBytes(CHARS), (byte) => ALPHABET[byte % ALPHABET.length])
      .join('')
      .replaceAll(/(.{4})(?=.)/g, '$1-'),
  );

/** A code as it is compared: without spaces and hyphens, in lower case. */
export const bareCode = (code: string): string => code.replaceAll(/[\s-]/g, '').toLowerCase();

/** Whether a bare code could be a recovery code. */
export const isRecoveryCode = (bare: string): boolean => form.test(bare);

/** What is stored of a person's recovery code: it is random, and too long to be searched for. */
export const hashOfRecoveryCode = (userId: string, code: string): Buffer =>
  createHash('sha256')
    .update(`${userId} ${bareCode(code)}`)
    .digest();
