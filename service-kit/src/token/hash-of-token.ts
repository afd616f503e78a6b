import { createHash } from 'node:crypto';

/**
 * What is stored of a token that is random and shown once: in an invitation, a mail, a key or a ticket. A fast hash is
 * enough, because such a token cannot be guessed.
 */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
