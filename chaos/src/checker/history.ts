import type { Ledger } from '../subscribers/ledger.ts';
import type { TrueRow, Truth } from './truth.ts';
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
  const told = ledger.deliveries.filter((delivery) => delivery.pos === pos);
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
    `received before: ${before?.pos ?? 'nothing'}${msOf(before)}; received at: ${told.map((one) => msOf(one)).join(', ') || 'never'}; received after: ${after?.pos ?? 'nothing'}${msOf(after)}`,
    ...ledger.resets.map(({ reason, fromPos, toPos }) => `reset ${reason} from ${fromPos} to ${toPos}`),
    ...near.map(
      (other) => `${other.pos === pos ? '>' : ' '} ${lineOf(other)} ${verdictOf(truth, ledger.userId, other).is}`,
    ),
  ];
}

const msOf = (one: { readonly atMs: number; readonly instance: number } | undefined): string =>
  one === undefined ? '' : ` (at ${Math.round(one.atMs)} ms by notify-${one.instance})`;

function lineOf({ pos, id, code, workspaceId, workspaceSeq, chatId, chatSeq, subjectId }: TrueRow): string {
  return `pos ${pos} id ${id} code ${code} chat ${chatId ?? '-'}:${chatSeq ?? '-'} workspace ${workspaceId ?? '-'}:${workspaceSeq ?? '-'} subject ${subjectId ?? '-'}`;
}
