import type { Stage } from '../faults/faults.ts';
import type { Findings } from './findings.ts';
import { type Evidence, type Judged, judgeLedger } from './judge-ledger.ts';
import { judgeScene } from './judge-scene.ts';
import { judgeSessions, judgeUnreadable } from './judge-sessions.ts';
import type { Ledger } from '../subscribers/ledger.ts';
import { Spans } from '../system/spans.ts';
import { readTruth } from './truth.ts';

/** Checks everything that anybody received against the database, when nothing changes any more. */
export async function judgeAll(
  { system, scene, pruned }: Stage,
  ledgers: readonly Ledger[],
  cutsAtMs: ReadonlyMap<number, number>,
  delays: Spans,
  findings: Findings,
): Promise<{ judged: Judged; events: number }> {
  // The log has only the indexes that its readers need; the checker needs others.
  for (const columns of ['chat_id, chat_seq', 'workspace_id, workspace_seq', 'subject_id'])
    await system.store.query(`create index on event_log (${columns})`);
  await system.store.query('analyze');
  const truth = await readTruth(system.store);
  const none = new Spans();
  const holdsOf = (instance: number) => system.notifies[instance]?.cable.holds ?? none;
  const evidence: Evidence = { truth, pruned, cutsAtMs, holdsOf, delays };
  const judged: Judged = { deliveries: 0, owed: 0, cuts: 0, resets: 0 };
  for (const id of truth.unnumbered) findings.add('lost', `row ${id} of the log has no position: nobody receives it`);
  for (const ledger of ledgers) judgeLedger(ledger, evidence, findings, judged);
  judgeSessions(scene, ledgers, findings);
  await judgeUnreadable({ scene, system }, ledgers, findings);
  await judgeScene(system.store, scene, system.encryptionKey, findings).catch((error: unknown) =>
    findings.add('an error that no fault explains', `the database could not be judged: ${String(error)}`),
  );
  return { judged, events: truth.rows.length - 1 };
}
