import type { Findings } from './findings.ts';
import { historyOf } from './history.ts';
import type { Delivery, Ledger } from '../subscribers/ledger.ts';
import { resetIsJustified } from './check-reset.ts';
import type { PrunedLog } from '../faults/log-faults.ts';
import type { Spans } from '../system/spans.ts';
import type { TrueRow, Truth } from './truth.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What a ledger is checked against. */
export interface Evidence {
  readonly truth: Truth;
  readonly pruned: PrunedLog;
  /** When the witness saw each revoking row committed, by the row's id. */
  readonly cutsAtMs: ReadonlyMap<number, number>;
  /** When a proxy held back bytes to readers of an instance. */
  readonly holdsOf: (instance: number) => Spans;
  /** When this process itself was late. */
  readonly delays: Spans;
}

export interface Checked {
  deliveries: number;
  /** Rows that had to be delivered. */
  owed: number;
  /** Deliveries of content that was revoked later, and to revoked sessions, whose time could be checked. */
  cuts: number;
  resets: number;
}

const GRACE_MS = 2_000;
/** The resolution of the times: the witness polls every 50 ms. */
const TICK_MS = 100;
const HOLD_AFTER_MS = 1_000;

/** Checks one subscriber's deliveries against the database. */
export function checkLedger(ledger: Ledger, evidence: Evidence, findings: Findings, checked: Checked): void {
  const { truth } = evidence;
  const history = (pos: number) => () => historyOf(ledger, truth, pos);
  for (const mistake of ledger.mistakes) findings.add('a client was let down', `${ledger.name}: ${mistake}`);
  for (const { pos, restedPos } of ledger.passed)
    findings.add('out of order', `${ledger.name}: ${pos} after a signal with the token of ${restedPos}`, history(pos));
  for (const chatId of ledger.signalledChats)
    if (truth.periods.get(ledger.userId)?.has(chatId) !== true)
      findings.add('phantom', `${ledger.name} received a signal of chat ${chatId}, and was never in it`);
  for (const userId of ledger.signalledPeople)
    if (userId !== ledger.userId && !haveMet(truth, ledger.userId, userId))
      findings.add('phantom', `${ledger.name} received the presence of ${userId}, and never shared a workspace`);
  for (const pos of ledger.gapsAtPos)
    if (!isByRemoval(pos, ledger, evidence))
      findings.add('a reset without reason', `${ledger.name} found a gap of its own`, history(pos));
  checkOrder(ledger, findings, history);
  const verdicts = new Map<number, Verdict>();
  const verdict = (row: TrueRow) => {
    const known = verdicts.get(row.pos);
    if (known !== undefined) return known;
    const made = verdictOf(truth, ledger.userId, row);
    verdicts.set(row.pos, made);
    return made;
  };
  for (const delivery of ledger.deliveries) {
    checked.deliveries += 1;
    checkDelivery(ledger, delivery, verdict, evidence, findings, checked);
  }
  const gaps: (readonly [from: number, to: number])[] = [];
  for (const reset of ledger.resets) {
    checked.resets += 1;
    gaps.push([reset.fromPos, reset.toPos]);
    if (!resetIsJustified(reset, ledger, evidence))
      findings.add(
        'a reset without reason',
        `${ledger.name}: ${reset.reason} from ${reset.fromPos} to ${reset.toPos}`,
        history(reset.toPos),
      );
  }
  const isExcused = (pos: number) => gaps.some(([from, to]) => pos > from && pos <= to);
  const got = new Set(ledger.deliveries.map(({ pos }) => pos));
  const through = lastOwed(ledger, truth);
  for (const row of truth.rows) {
    if (ledger.startPos === undefined || row.pos <= ledger.startPos || row.pos > through) continue;
    if (isExcused(row.pos) || verdict(row).is !== 'must') continue;
    checked.owed += 1;
    if (got.has(row.pos)) continue;
    findings.add('lost', `${ledger.name} did not receive position ${row.pos}`, history(row.pos));
  }
}

/** Whether two people were ever members of the same workspace. */
function haveMet({ periods, workspaceOf }: Truth, one: string, other: string): boolean {
  const theirs = periods.get(other);
  return [...(periods.get(one)?.keys() ?? [])].some((id) => !workspaceOf.has(id) && theirs?.has(id) === true);
}

const REMOVAL_POSITIONS = 1_000;

/**
 * While a membership is being removed, a gap may be visible before its end: one instance knew of the removal already,
 * and the next one did not yet. A person who becomes a Guest, or was one, also finds gaps until the client knows it.
 */
function isByRemoval(pos: number, { userId }: Ledger, { truth }: Evidence): boolean {
  const isNear = (row: TrueRow) => Math.abs(row.pos - pos) <= REMOVAL_POSITIONS;
  return truth.rows.some((row) => takes(row) && isNear(row) && isTheirs(truth, row, userId));
}

const takes = ({ code, role }: TrueRow) => (code >= 30 && code <= 33) || (code === 22 && role !== null);

const isTheirs = (truth: Truth, row: TrueRow, userId: string) =>
  row.subjectId === userId || ((row.code === 31 || row.code === 33) && verdictOf(truth, userId, row).is === 'must');

/** A session that ended must have received everything before its last delivery; every other session, everything. */
function lastOwed(ledger: Ledger, truth: Truth): number {
  if (ledger.endReason === undefined) return truth.lastPos;
  const delivered = ledger.deliveries.filter(({ pos }) => truth.rowAt.get(pos)?.subjectId !== ledger.sessionId);
  return delivered.at(-1)?.pos ?? -1;
}

function checkOrder(ledger: Ledger, findings: Findings, history: (pos: number) => () => readonly string[]): void {
  let lastPos = -1;
  const seen = new Set<number>();
  for (const { pos } of ledger.deliveries) {
    if (seen.has(pos)) findings.add('repeated', `${ledger.name} received position ${pos} again`, history(pos));
    else if (pos <= lastPos) findings.add('out of order', `${ledger.name}: ${pos} after ${lastPos}`, history(pos));
    seen.add(pos);
    lastPos = Math.max(lastPos, pos);
  }
}

function checkDelivery(
  ledger: Ledger,
  delivery: Delivery,
  verdict: (row: TrueRow) => Verdict,
  evidence: Evidence,
  findings: Findings,
  checked: Checked,
): void {
  const { pos } = delivery;
  const row = evidence.truth.rowAt.get(pos);
  const history = () => historyOf(ledger, evidence.truth, pos);
  if (row === undefined || !isOf(delivery, row)) {
    findings.add('phantom', `${ledger.name} received at ${pos} what did not happen`, history);
    return;
  }
  const found = verdict(row);
  if (found.is === 'never') findings.add('phantom', `${ledger.name} received at ${pos} what they may not see`, history);
  if (found.is === 'may') checkCut(ledger, delivery, found.endedBy, evidence, findings, checked);
  const revocation = revocationOf(ledger, evidence);
  if (revocation !== undefined && row !== revocation)
    checkCut(ledger, delivery, revocation, evidence, findings, checked);
}

function isOf({ code, audience, seq, nonce }: Delivery, row: TrueRow): boolean {
  if (code !== row.code || nonce !== row.nonce) return false;
  if (seq === 0) return true;
  return (audience === row.chatId && seq === row.chatSeq) || (audience === row.workspaceId && seq === row.workspaceSeq);
}

const revocations = new WeakMap<Truth, Map<string, TrueRow>>();

function revocationOf({ sessionId }: Ledger, { truth }: Evidence): TrueRow | undefined {
  const known =
    revocations.get(truth) ??
    new Map(truth.rows.filter(({ code }) => code === 34).map((row) => [row.subjectId ?? '', row]));
  revocations.set(truth, known);
  return known.get(sessionId);
}

/** 2 s after a revocation nothing of the revoked content may arrive, unless it was in transit and held up there. */
function checkCut(
  ledger: Ledger,
  { pos, atMs, instance }: Delivery,
  cut: TrueRow | undefined,
  { cutsAtMs, holdsOf, delays, truth }: Evidence,
  findings: Findings,
  checked: Checked,
): void {
  const cutAtMs = cut && cutsAtMs.get(cut.id);
  if (cutAtMs === undefined) return;
  checked.cuts += 1;
  const fromMs = cutAtMs + GRACE_MS + TICK_MS;
  if (atMs <= fromMs) return;
  if (holdsOf(instance).touch(cutAtMs, atMs, HOLD_AFTER_MS)) return;
  if (ledger.slow.touch(cutAtMs, atMs, HOLD_AFTER_MS) || delays.touch(fromMs - TICK_MS, atMs)) return;
  const lateMs = Math.round(atMs - cutAtMs);
  findings.add('shown after the cut', `${ledger.name} received ${pos} ${lateMs} ms after ${cut?.pos}`, () =>
    historyOf(ledger, truth, pos),
  );
}
