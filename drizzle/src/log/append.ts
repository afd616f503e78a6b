import { codeOf, definitionOfKind, type FactsOf, type LoggedEventKind, SHARED_CHATS } from '@fechatter/contract';
import { sql } from 'drizzle-orm';
import type { Tx } from '../transaction.ts';

/** The audience and position of an event. Exactly one audience: workspaceSeq, userId or chatSeq (see `audienceOf`). */
export interface EventPlace {
  readonly workspaceId?: string;
  readonly workspaceSeq?: number;
  readonly chatId?: string;
  readonly chatSeq?: number;
  readonly userId?: string;
}

// A kind without facts has `Record<string, never>`, of which any string is a key.
type HasFacts<Kind extends LoggedEventKind> = string extends keyof FactsOf<Kind> ? false : true;
type NeedsFacts<Kind extends LoggedEventKind> =
  HasFacts<Kind> extends true ? (Partial<FactsOf<Kind>> extends FactsOf<Kind> ? false : true) : false;

/** The details of an event of a kind: its references, and the facts that the kind defines. */
export type EventDetails<Kind extends LoggedEventKind> = {
  readonly subjectId?: string;
  /** Of an event about a person in a workspace, for its Guests; see `sharedChatsOf`. */
  readonly sharedChats?: Readonly<Record<string, number>> | undefined;
} & (NeedsFacts<Kind> extends true
  ? { readonly facts: Readonly<FactsOf<Kind>> }
  : { readonly facts?: HasFacts<Kind> extends true ? Readonly<FactsOf<Kind>> : undefined });

/** The same as the last parameter of a function: optional if the kind needs no facts. */
export type EventDetailsArgument<Kind extends LoggedEventKind> =
  NeedsFacts<Kind> extends true ? [details: EventDetails<Kind>] : [details?: EventDetails<Kind>];

/** An event to append: references and facts, typed by its kind. */
export type NewEvent = {
  [Kind in LoggedEventKind]: { readonly kind: Kind } & EventPlace & EventDetails<Kind>;
}[LoggedEventKind];

/** Builds an event of any kind. The parameters ensure that place and details fit the kind, which a union cannot. */
export function newEvent<Kind extends LoggedEventKind>(
  kind: Kind,
  place: EventPlace,
  ...[details]: EventDetailsArgument<Kind>
): NewEvent {
  return { kind, ...place, ...details } as unknown as NewEvent;
}

/**
 * Appends to the log, in the transaction of the change and after the head was locked: the ids that are assigned here
 * must follow the order of the seqs. Rows are appended in the given order.
 */
export async function appendEvents(tx: Tx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    workspace_id: event.workspaceId ?? null,
    workspace_seq: event.workspaceSeq ?? null,
    chat_id: event.chatId ?? null,
    chat_seq: event.chatSeq ?? null,
    user_id: event.userId ?? null,
    code: codeOf(event.kind),
    takes_away: definitionOfKind(event.kind).takesAwayWith(event.facts),
    subject_id: event.subjectId ?? null,
    facts: { ...event.facts, ...(event.sharedChats !== undefined && { [SHARED_CHATS]: event.sharedChats }) },
  }));
  await tx.execute(sql`
    insert into event_log (workspace_id, workspace_seq, chat_id, chat_seq, user_id, code, takes_away, subject_id, facts)
    select r.workspace_id, r.workspace_seq, r.chat_id, r.chat_seq, r.user_id, r.code, r.takes_away, r.subject_id, r.facts
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) with ordinality e (value, ord),
      jsonb_to_record(e.value) as r (workspace_id uuid, workspace_seq bigint, chat_id uuid, chat_seq bigint, user_id uuid,
        code smallint, takes_away boolean, subject_id uuid, facts jsonb)
    order by e.ord`);
}
