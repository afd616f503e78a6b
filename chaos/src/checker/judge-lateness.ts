import type { Ledger } from '../subscribers/ledger.ts';
import type { Spans } from '../system/spans.ts';
import type { SentMessage } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/** Where nothing is broken, a lost notification costs half a second, and what is not fresh is not shown after two. */
const LATE_MS = 4_000;

/** How long what honest people sent took to honest subscribers, from its acknowledgement. */
export interface Lateness {
  readonly deliveries: number;
  readonly late: number;
  readonly slowestMs: number;
}

/** For runs without faults: nobody waits for what somebody else does, however hard they try. */
export function judgeLateness(
  sent: readonly SentMessage[],
  ledgers: readonly Ledger[],
  delays: Spans,
  findings: Findings,
): Lateness {
  const ackedAtMs = new Map<string, number>();
  for (const { chatId, acked, ackedAtMs: atMs } of sent)
    if (acked !== undefined && atMs !== undefined) ackedAtMs.set(`${chatId} ${acked.seq}`, atMs);
  let [deliveries, late, slowestMs] = [0, 0, 0];
  for (const { name, deliveries: told } of ledgers)
    for (const { audience, seq, atMs } of told) {
      const fromMs = ackedAtMs.get(`${audience} ${seq}`);
      // What the harness itself took up late may have come in time.
      if (fromMs === undefined || delays.touch(atMs, atMs)) continue;
      deliveries += 1;
      slowestMs = Math.max(slowestMs, atMs - fromMs);
      if (atMs - fromMs <= LATE_MS) continue;
      late += 1;
      findings.add(
        'an honest delivery was late',
        `${name}: seq ${seq} of ${audience}, by ${Math.round(atMs - fromMs)} ms`,
      );
    }
  return { deliveries, late, slowestMs };
}
