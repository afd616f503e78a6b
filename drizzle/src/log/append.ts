import { codeOf, type LoggedEventKind } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import type { Tx } from '../transaction.ts';

/** What happened, by reference. Exactly one audience: workspaceSeq, or userId, or chatSeq (see `audienceOf`). */
export interface Happening {
  readonly kind: LoggedEventKind;
  readonly workspaceId?: string;
  readonly workspaceSeq?: number;
  readonly chatId?: string;
  readonly chatSeq?: number;
  readonly userId?: string;
  readonly subjectId?: string;
  /** Roles and counters, never content or names. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/**
 * Appends to the log, in the transaction that changes the fact and after its head was locked: the ids drawn here must
 * follow the order of the seqs. Rows are appended in the order given.
 */
export async function appendEvents(tx: Tx, happenings: readonly Happening[]): Promise<void> {
  if (happenings.length === 0) return;
  const rows = happenings.map((h) => ({
    workspace_id: h.workspaceId ?? null,
    workspace_seq: h.workspaceSeq ?? null,
    chat_id: h.chatId ?? null,
    chat_seq: h.chatSeq ?? null,
    user_id: h.userId ?? null,
    code: codeOf(h.kind),
    subject_id: h.subjectId ?? null,
    facts: h.facts ?? {},
  }));
  await tx.execute(sql`
    insert into event_log (workspace_id, workspace_seq, chat_id, chat_seq, user_id, code, subject_id, facts)
    select r.workspace_id, r.workspace_seq, r.chat_id, r.chat_seq, r.user_id, r.code, r.subject_id, r.facts
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality e (value, ord),
      jsonb_to_record(e.value) as r (workspace_id uuid, workspace_seq bigint, chat_id uuid, chat_seq bigint, user_id uuid,
        code smallint, subject_id uuid, facts jsonb)
    order by e.ord`);
}
