import { mayFollowWithScopes, mayWithScopes, type Permission } from '@fechatter/contract';
import { refuse } from '../errors/refusal.ts';
import type { Verified } from './verifier.ts';

/** The credential of a call; a key is a session too, so that whatever ends sessions ends keys. */
export type Credential = SessionCredential | KeyCredential;

export interface SessionCredential {
  readonly kind: 'session';
  readonly sessionId: string;
}

export interface KeyCredential {
  readonly kind: 'key';
  readonly sessionId: string;
  readonly scopes: readonly string[];
}

/** The caller and their credential. */
export interface Principal {
  readonly userId: string;
  readonly kind: 'Person' | 'Bot';
  readonly credential: Credential;
}

/** The owner of a verified token: a person with a session, or a bot with its key. */
export function principalOf({
  userId,
  sessionId,
  scopes,
}: Pick<Verified, 'userId' | 'sessionId' | 'scopes'>): Principal {
  if (scopes === undefined) return { userId, kind: 'Person', credential: { kind: 'session', sessionId } };
  return { userId, kind: 'Bot', credential: { kind: 'key', sessionId, scopes } };
}

/**
 * Throws scope_missing for a key whose scopes do not have the permission, and for every key if there is none to have. A
 * session has no scopes: what its person may do is checked elsewhere, as it is for the bot of a key.
 */
export function mustHaveScope({ credential }: Principal, needed: Permission | undefined): void {
  if (credential.kind === 'session') return;
  if (needed === undefined || !mayWithScopes(credential.scopes, needed)) throw refuse('scope_missing');
}

/** Throws scope_missing for a key that may not follow events; see `mayFollowWithScopes`. */
export function mustFollow({ credential }: Principal): void {
  if (credential.kind === 'key' && !mayFollowWithScopes(credential.scopes)) throw refuse('scope_missing');
}
