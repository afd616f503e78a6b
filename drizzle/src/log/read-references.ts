import type { Cursor, LogRow } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import type { Tx } from '../transaction.ts';

/** A numbered row of the log as it is stored: references and facts, without the content that an event shows. */
export interface LogReference extends LogRow {
  readonly pos: number;
  readonly nonce: number;
  readonly createdAt: Date;
}

/** The entries after a position. */
export interface ReferenceRead {
  /** False: the row of the reader's position, or one after it, is gone: the history was pruned or replaced. */
  readonly isAnchored: boolean;
  /** Without gaps: the first one follows `from`, every other one its predecessor. */
  readonly entries: readonly LogReference[];
}

interface Row extends Record<string, unknown> {
  readonly pos: number;
  readonly nonce: number;
  readonly id: number | null;
  readonly code: number;
  readonly workspace_id: string | null;
  readonly workspace_seq: number | null;
  readonly chat_id: string | null;
  readonly chat_seq: number | null;
  readonly user_id: string | null;
  readonly subject_id: string | null;
  readonly facts: Record<string, unknown>;
  readonly created_at: Date;
}

/** Reads at most `rowsMax` entries after `from`, in one statement with the row of the reader's position. */
export async function readReferences(tx: Tx, from: Cursor, rowsMax: number): Promise<ReferenceRead> {
  const { rows } = await tx.execute<Row>(sql`
    select o.pos, o.nonce, e.id, e.code, e.workspace_id, e.workspace_seq, e.chat_id, e.chat_seq, e.user_id, e.subject_id,
      e.facts, e.created_at
    from (
      select pos, nonce, case when pos > ${from.pos}::bigint then event_id end as event_id from log_order
      where pos >= ${from.pos}::bigint and pos <= ${from.pos}::bigint + ${rowsMax}::int order by pos) o
    left join lateral (select * from event_log where id = o.event_id limit 1) e on true
    order by o.pos`);
  const [anchor, ...following] = rows;
  const isAnchored =
    anchor?.pos === from.pos &&
    anchor.nonce === from.nonce &&
    following.every(({ pos, id }, index) => pos === from.pos + 1 + index && id !== null);
  return { isAnchored, entries: isAnchored ? following.map(referenceOf) : [] };
}

const referenceOf = (row: Row): LogReference => ({
  pos: row.pos,
  nonce: row.nonce,
  code: row.code,
  workspaceId: row.workspace_id,
  workspaceSeq: row.workspace_seq,
  chatId: row.chat_id,
  chatSeq: row.chat_seq,
  userId: row.user_id,
  subjectId: row.subject_id,
  facts: row.facts,
  createdAt: row.created_at,
});
