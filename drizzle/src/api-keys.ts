import type { Queryable } from './log/read.ts';

/** The key of a bot; see its look-up. */
interface FoundKey {
  readonly botId: string;
  readonly tokenHash: Buffer;
  readonly scopes: readonly string[];
}

/** A bot's key by its session; undefined if that is not live, or not the bot's key any more. */
export async function findApiKey(db: Queryable, sessionId: string): Promise<FoundKey | undefined> {
  const { rows } = await db.query<FoundKey>({
    name: 'api-key',
    text: `
      select b.user_id as "botId", b.token_hash as "tokenHash", b.scopes
      from bots b join live_sessions s on s.id = b.session_id and s.user_id = b.user_id
      where b.session_id = $1 and b.deleted_at is null`,
    values: [sessionId],
  });
  return rows[0];
}
