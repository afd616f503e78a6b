import { sql, type Tx } from '@fechatter/drizzle';
import { hashOfToken, newKeyText } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';

/** A key that was inserted: its text is shown once, its hash belongs into the row of its bot. */
export interface NewKey {
  readonly sessionId: string;
  readonly apiKey: string;
  readonly tokenHash: Buffer;
}

/** Opens the session of a bot's new key. It has no refresh token and no end. */
export async function insertKey(tx: Tx, botId: string): Promise<NewKey> {
  const sessionId = uuidv7();
  const apiKey = newKeyText('fck', sessionId);
  await tx.execute(sql`
    insert into sessions (id, user_id, expires_at) values (${sessionId}, ${botId}, timestamptz '9999-12-31 00:00:00+00')`);
  return { sessionId, apiKey, tokenHash: hashOfToken(apiKey) };
}
