/** A row of the event log: references and facts, never content. Exactly one audience, see {@link audienceOf}. */
export interface LogRow {
  readonly code: number;
  readonly workspaceId: string | null;
  readonly workspaceSeq: number | null;
  readonly chatId: string | null;
  readonly chatSeq: number | null;
  readonly userId: string | null;
  readonly subjectId: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The audience of a row: the members of a workspace, one person, or the members of a chat. */
export function audienceOf(row: LogRow): {
  readonly of: 'workspace' | 'user' | 'chat';
  readonly id: string;
  readonly seq: number;
} {
  if (row.workspaceSeq !== null) return { of: 'workspace', id: row.workspaceId ?? '', seq: row.workspaceSeq };
  if (row.userId !== null) return { of: 'user', id: row.userId, seq: 0 };
  return { of: 'chat', id: row.chatId ?? '', seq: row.chatSeq ?? 0 };
}

/**
 * Of a row about a person, for the Guests of its workspace: the chats that this person was in then and that have Guests,
 * with the seqs of those. Undefined if the row has none.
 */
export function sharedChatsOf(row: LogRow): Readonly<Record<string, number>> | undefined {
  const facts: unknown = row.facts;
  if (typeof facts !== 'object' || facts === null || !(SHARED_CHATS in facts)) return undefined;
  const shared = facts[SHARED_CHATS];
  return typeof shared === 'object' && shared !== null ? (shared as Readonly<Record<string, number>>) : undefined;
}

/** The key of a row's facts under which {@link sharedChatsOf} finds them. */
export const SHARED_CHATS = 'sharedChats';
