import { type Notifier, type Database, inTransaction, sql, type Tx } from '@fechatter/drizzle';

/** A person with a session. */
export interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly token: string;
}

/** A chat. */
export interface Place {
  readonly id: string;
  readonly workspaceId: string;
}

/** Makes a change in a test's world: fact and event in one transaction, then a notification. */
export type Change = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export const changeIn =
  (db: Database, notifier: Notifier): Change =>
  async (work) => {
    const result = await inTransaction(db, work);
    notifier.notify();
    return result;
  };

/** Locks a chat's head and takes its next seq. */
export const nextChatSeq = (tx: Tx, chatId: string): Promise<number> =>
  seqOf(tx, sql`update chat_heads set last_seq = last_seq + 1 where chat_id = ${chatId} returning last_seq as seq`);

/** Locks a workspace's head and takes its next seq. */
export const nextWorkspaceSeq = (tx: Tx, workspaceId: string): Promise<number> =>
  seqOf(
    tx,
    sql`update workspace_heads set last_seq = last_seq + 1 where workspace_id = ${workspaceId} returning last_seq as seq`,
  );

/** The references of every event of a chat. */
export const ofChat = ({ id, workspaceId }: Place, chatSeq: number) => ({ workspaceId, chatId: id, chatSeq });

async function seqOf(tx: Tx, query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await tx.execute<{ seq: string | number }>(query);
  return Number(rows[0]?.seq);
}
