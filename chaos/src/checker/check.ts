import type { Stage } from '../faults/faults.ts';
import type { Findings } from './findings.ts';
import { type Evidence, type Checked, checkLedger } from './check-ledger.ts';
import { checkScene } from './check-scene.ts';
import { checkSessions, checkUnreadable } from './check-sessions.ts';
import type { Ledger } from '../subscribers/ledger.ts';
import { Spans } from '../system/spans.ts';
import { readTruth } from './truth.ts';

/** Checks everything that was received against the database, when nothing changes any more. */
export async function checkAll(
  { system, scene, pruned }: Stage,
  ledgers: readonly Ledger[],
  cutsAtMs: ReadonlyMap<number, number>,
  delays: Spans,
  findings: Findings,
): Promise<{ checked: Checked; events: number }> {
  // The log has only the indexes that its readers need; the checker needs others.
  for (const columns of ['chat_id, chat_seq', 'workspace_id, workspace_seq', 'subject_id'])
    await system.store.query(`create index on event_log (${columns})`);
  await system.store.query('analyze');
  const truth = await readTruth(system.store);
  const none = new Spans();
  const holdsOf = (instance: number) => system.notifies[instance]?.cable.holds ?? none;
  const evidence: Evidence = { truth, pruned, cutsAtMs, holdsOf, delays };
  const checked: Checked = { deliveries: 0, owed: 0, cuts: 0, resets: 0 };
  for (const id of truth.unnumbered)
    findings.add('lost', `row ${id} of the log has no position: no stream receives it`);
  for (const ledger of ledgers) checkLedger(ledger, evidence, findings, checked);
  checkSessions(scene, ledgers, findings);
  await checkUnreadable({ scene, system }, ledgers, findings);
  await checkScene(system.store, scene, system.encryptionKey, findings).catch((error: unknown) =>
    findings.add('an error that no fault explains', `the database could not be checked: ${String(error)}`),
  );
  return { checked, events: truth.rows.length - 1 };
}
