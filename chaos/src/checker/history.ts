import { codeOfKind } from '../subscribers/kinds.ts';
import type { Ledger } from '../subscribers/ledger.ts';
import type { TruePeriod, TrueRow, Truth } from './truth.ts';
import { verdictOf } from './verdict.ts';

const AROUND = 4;

/**
 * The events around a position in its chat or workspace, and the deliveries to this subscriber; no more than is needed
 * to understand a finding.
 */
export function historyOf(ledger: Ledger, truth: Truth, pos: number): readonly string[] {
  const row = truth.rowAt.get(pos);
  const audience = row === undefined ? undefined : row.workspaceSeq === null ? row.chatId : row.workspaceId;
  const periods = truth.periods.get(ledger.userId)?.get(audience ?? '') ?? [];
  const delivered = ledger.deliveries.filter((delivery) => delivery.pos === pos);
  const before = ledger.deliveries.findLast((delivery) => delivery.pos < pos);
  const after = ledger.deliveries.find((delivery) => delivery.pos > pos);
  const related = truth.rows.filter(
    (other) => other.pos === pos || (audience != null && (other.chatId === audience || other.workspaceId === audience)),
  );
  const at = related.findIndex((other) => other.pos === pos);
  const near = related.slice(Math.max(0, at - AROUND), at + AROUND + 1);
  return [
    `${ledger.kind} ${ledger.name}, user ${ledger.userId}, session ${ledger.sessionId}, from ${ledger.startPos}` +
      `, reached ${ledger.reachedPos}, ${ledger.connects} connects, ended: ${ledger.endReason ?? 'no'}`,
    `periods there: ${periods.map(({ joinedSeq, leftSeq }) => `[${joinedSeq}, ${leftSeq ?? '…'}]`).join(' ') || 'none'}`,
    `received before: ${before?.pos ?? 'nothing'}${msOf(before)}; received at: ${delivered.map((one) => msOf(one)).join(', ') || 'never'}; received after: ${after?.pos ?? 'nothing'}${msOf(after)}`,
    ...sharedAt(ledger, truth, row),
    ...ledger.resets.map(({ reason, fromPos, toPos }) => `reset ${reason} from ${fromPos} to ${toPos}`),
    ...near.map(
      (other) => `${other.pos === pos ? '>' : ' '} ${lineOf(other)} ${verdictOf(truth, ledger.userId, other).is}`,
    ),
  ];
}

/** The chats that the subscriber and the person whom a row is about have both been in, and what the row names. */
function sharedAt(ledger: Ledger, truth: Truth, row: TrueRow | undefined): readonly string[] {
  if (row?.workspaceSeq == null || row.subjectId === null) return [];
  const theirs = truth.periods.get(row.subjectId);
  return [...(truth.periods.get(ledger.userId) ?? [])].flatMap(([id, own]) => {
    const others = theirs?.get(id);
    if (others === undefined || truth.workspaceOf.get(id) !== row.workspaceId) return [];
    const named = row.sharedChats?.[id];
    return [
      `shared chat ${id}: own ${textOf(id, own)}, theirs ${textOf(id, others)}, ${named === undefined ? 'not named' : `named at ${named}`}`,
    ];
  });

  function textOf(id: string, periods: readonly TruePeriod[]): string {
    const at = (seq: number) => `${seq} (pos ${truth.rowOfSeq(id, seq)?.pos ?? 'none'})`;
    return periods
      .map(({ joinedSeq, leftSeq }) => `[${at(joinedSeq)}, ${leftSeq === null ? '…' : at(leftSeq)}]`)
      .join(' ');
  }
}

/** A person's memberships of a workspace over time, as the log has them, and when the subscriber received each row. */
export function membershipsOf(ledger: Ledger, truth: Truth): readonly string[] {
  const own = truth.rows.filter(({ code, subjectId }) => OWN_MEMBERSHIPS.has(code) && subjectId === ledger.userId);
  return own.map((row) => {
    const delivered = ledger.deliveries.filter(({ pos }) => pos === row.pos);
    return `${lineOf(row)} role ${row.role ?? '-'}; received${delivered.map(msOf).join(',') || ': never'}`;
  });
}

/** Joining a workspace, another role there, and leaving it. */
const OWN_MEMBERSHIPS = new Set(
  (['workspace.memberJoined', 'workspace.memberUpdated', 'workspace.memberLeft'] as const).map(codeOfKind),
);

const msOf = (one: { readonly atMs: number; readonly instance: number } | undefined): string =>
  one === undefined ? '' : ` (at ${Math.round(one.atMs)} ms by notify-${one.instance})`;

function lineOf({ pos, id, code, workspaceId, workspaceSeq, chatId, chatSeq, subjectId }: TrueRow): string {
  return `pos ${pos} id ${id} code ${code} chat ${chatId ?? '-'}:${chatSeq ?? '-'} workspace ${workspaceId ?? '-'}:${workspaceSeq ?? '-'} subject ${subjectId ?? '-'}`;
}
