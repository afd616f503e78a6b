import { and, eq, isNull, schema, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';

const { sessions } = schema;

/** A session that ended a moment ago, even on another server, can no longer change an account. */
export async function mustLive(tx: Pick<Tx, 'select'>, sessionId: string): Promise<void> {
  const living = and(eq(sessions.id, sessionId), isNull(sessions.revokedAt));
  if ((await tx.select({ id: sessions.id }).from(sessions).where(living)).length === 0) throw refuse('session_revoked');
}
