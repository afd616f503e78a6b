import type { Ledger } from '../subscribers/ledger.ts';
import type { Spans } from '../system/spans.ts';
import type { SentMessage } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/**
 * Without faults, a lost notification costs half a second, and an event that is no longer fresh is not shown after two.
 */
const LATE_MS = 4_000;

/** The delays of messages between honest people, from acknowledgement to delivery. */
export interface Lateness {
  readonly deliveries: number;
  readonly late: number;
  readonly slowestMs: number;
}

/** For runs without faults: no member can delay another member's messages. */
export function checkLateness(
  sent: readonly SentMessage[],
  ledgers: readonly Ledger[],
  delays: Spans,
  findings: Findings,
): Lateness {
  const ackedAtMs = new Map<string, number>();
  for (const { chatId, acked, ackedAtMs: atMs } of sent)
    if (acked !== undefined && atMs !== undefined) ackedAtMs.set(`${chatId} ${acked.seq}`, atMs);
  let [deliveries, late, slowestMs] = [0, 0, 0];
  for (const { name, deliveries: delivered } of ledgers)
    for (const { audience, seq, atMs } of delivered) {
      const fromMs = ackedAtMs.get(`${audience} ${seq}`);
      // While the harness itself was late, deliveries may have arrived in time.
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
