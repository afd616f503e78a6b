import { inTransaction } from '@fechatter/drizzle';
import { appendAudit } from '../audit/append-audit.ts';
import type { AuthedContext } from '../context.ts';

/** Recorded so that the owner notices a stolen session or the use of an unlocked screen. */
export function noteReauthenticationFailed({ deps, principal, address, requestId }: AuthedContext): Promise<void> {
  const { userId, credential } = principal;
  const details = { sessionId: credential.sessionId };
  return inTransaction(deps.db, (tx) =>
    appendAudit(tx, { actorId: userId, address, requestId }, [
      { action: 'account.reauthenticationFailed', userId, details },
    ]),
  );
}
