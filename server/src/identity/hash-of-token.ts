import { createHash } from 'node:crypto';

/** What is stored of a token that is random and shown once: in an invitation, or in a mail. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
