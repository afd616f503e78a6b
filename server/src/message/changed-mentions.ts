import type { Mentions } from '@fechatter/contract';
import { type MessageRow, sql, type Tx } from '@fechatter/drizzle';
import { namedIn } from './named-in.ts';

/**
 * Writes the mentions of a message's new content; null: it mentions no one. A message that never mentioned anyone
 * costs nothing.
 */
export async function changedMentions(
  tx: Tx,
  { id, parts }: Pick<MessageRow, 'id' | 'parts'>,
  content: string,
): Promise<Mentions | null> {
  const named = namedIn(content);
  if (named === undefined && parts?.mentions === undefined) return null;
  const { rows } = await tx.execute<{ mentions: Mentions | null }>(
    sql`select write_mentions(${id}, ${JSON.stringify(named ?? {})}::jsonb) as mentions`,
  );
  return rows[0]?.mentions ?? null;
}
