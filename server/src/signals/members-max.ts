import { type ChatSignalKind, chatSignals } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';

/** The largest number of members with which a chat receives this kind of signal. */
export function membersMaxOf(kind: ChatSignalKind): number {
  const definition = chatSignals.find((candidate) => candidate.kind === kind);
  if (definition === undefined) throw new Error(`no such kind of signal: ${kind}`);
  return definition.membersMax;
}

/** SQL: whether a chat is small enough for this kind of signal. Stops counting at the maximum. */
export const isSmallEnough = (kind: ChatSignalKind, chatId: ReturnType<typeof sql>) => {
  const max = membersMaxOf(kind);
  return sql`(select count(*) from (
    select from live_chat_members o where o.chat_id = ${chatId} limit ${max + 1}) counted) <= ${max}`;
};
