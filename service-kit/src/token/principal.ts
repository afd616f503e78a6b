import type { Verified } from './verifier.ts';

/** The credential of a call. Today a session; keys of bots and other issuers' tokens become further members. */
export type Credential = SessionCredential;

export interface SessionCredential {
  readonly kind: 'session';
  readonly sessionId: string;
}

/** The caller and their credential. */
export interface Principal {
  readonly userId: string;
  readonly kind: 'Person' | 'Bot';
  readonly credential: Credential;
}

/** A person who is signed in with this session. */
export const principalOf = ({ userId, sessionId }: Pick<Verified, 'userId' | 'sessionId'>): Principal => ({
  userId,
  kind: 'Person',
  credential: { kind: 'session', sessionId },
});
