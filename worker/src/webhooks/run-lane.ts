import { isUnavailable, messageIdOf, type SecretCipher } from '@fechatter/drizzle';
import type { GuardedRequest, Log } from '@fechatter/service-kit';
import { type AttemptResult, resultOf, resultOfError } from './attempt-result.ts';
import { type BodyDeps, bodyOf } from './delivery-body.ts';
import { type Lane, releaseLane } from './lanes.ts';
import { nextDelivery, type NextDelivery, secretsOf } from './next-delivery.ts';
import { finish, putOff, type RecordDeps, skip, switchOff } from './record-attempt.ts';
import { signedHeaders } from './signature.ts';

export interface LaneDeps extends BodyDeps, RecordDeps {
  readonly request: GuardedRequest;
  readonly webhookCipher: SecretCipher;
  readonly log: Log;
}

/** What this process did since it started. */
export type WebhookCounts = Record<'delivered' | 'retry' | 'failed' | 'skipped' | 'off', number>;

const TIMEOUT_MS = 15_000;
/** A receiver that needs longer than this shares its connections with others like it. */
const SLOW_MS = 2_000;
/** Together with one more attempt this is shorter than the lease. */
const LANE_MAX_MS = 10_000;
const AGENT = 'Fechatter-Webhooks';

export interface LaneRun {
  readonly counts: WebhookCounts;
  readonly signal: AbortSignal;
  /** Called while the receiver has not responded for longer than a quick one would. */
  readonly onSlow: () => Promise<void>;
}

/** Sends what is due in a lane, one after the other, for a while; gives it back sooner if the receiver is slow. */
export async function runLane(deps: LaneDeps, lane: Lane, { counts, signal, onSlow }: LaneRun): Promise<void> {
  const beganAtMs = performance.now();
  const seen = { isSlow: false, quick: 0 };
  let marked: Promise<void> | undefined;
  try {
    while (!seen.isSlow && !signal.aborted && performance.now() - beganAtMs < LANE_MAX_MS) {
      const delivery = await nextDelivery(deps.db, lane);
      if (delivery === undefined) break;
      const late = setTimeout(() => void (marked = onSlow()), SLOW_MS);
      const sent = await deliver(deps, delivery, signal).finally(() => clearTimeout(late));
      if (sent === undefined) break;
      counts[sent.outcome] += 1;
      seen.isSlow = sent.isSlow;
      if (sent.outcome === 'delivered') seen.quick += 1;
    }
  } finally {
    await marked;
    await releaseLane(deps.db, lane, seen);
  }
}

/** Undefined: the worker stops, and what became of the attempt is unknown. */
async function deliver(
  deps: LaneDeps,
  delivery: NextDelivery,
  signal: AbortSignal,
): Promise<{ readonly outcome: keyof WebhookCounts; readonly isSlow: boolean } | undefined> {
  const beganAtMs = performance.now();
  const result = await attempted(deps, delivery, signal);
  if (result === undefined) return undefined;
  if (typeof result === 'string') {
    await skip(deps, delivery, result);
    return { outcome: 'skipped', isSlow: false };
  }
  const isSlow = performance.now() - beganAtMs > SLOW_MS || result.outcome === 'retry';
  const { webhook_id: webhookId, id: deliveryId, attempts } = delivery;
  const { outcome, status, failure } = result;
  deps.log.debug({ webhookId, deliveryId, outcome, status, failure, attempts: attempts + 1 }, 'a webhook was called');
  return { outcome: await record(deps, delivery, result), isSlow };
}

/** A text: why there is nothing to send. */
async function attempted(
  deps: LaneDeps,
  delivery: NextDelivery,
  signal: AbortSignal,
): Promise<AttemptResult | string | undefined> {
  try {
    const body = await bodyOf(deps, delivery);
    return 'missing' in body ? body.missing : await attempt(deps, delivery, body.text, signal);
  } catch (err) {
    if (isUnavailable(err)) throw err;
    // It must not stop those behind it.
    deps.log.error({ err, deliveryId: delivery.id }, 'a webhook cannot be called');
    return { outcome: 'retry', status: null, failure: 'internal' };
  }
}

async function record(
  deps: LaneDeps,
  delivery: NextDelivery,
  result: AttemptResult,
): Promise<AttemptResult['outcome']> {
  const isFinal = result.outcome !== 'retry';
  const { isLast, isFailingLong } = await (isFinal ? finish : putOff)(deps, delivery, result);
  if (result.outcome === 'off') await switchOff(deps, delivery, 'Gone');
  else if (isFailingLong) await switchOff(deps, delivery, 'Failing');
  if (isFailingLong) return 'off';
  return !isFinal && isLast ? 'failed' : result.outcome;
}

async function attempt(
  { request, webhookCipher }: LaneDeps,
  delivery: NextDelivery,
  body: string,
  signal: AbortSignal,
): Promise<AttemptResult | undefined> {
  const headers = {
    'content-type': 'application/json',
    'user-agent': AGENT,
    ...signedHeaders(secretsOf(webhookCipher, delivery), messageIdOf(delivery), new Date(), body),
  };
  try {
    return resultOf(await request({ url: delivery.url, method: 'POST', headers, body, timeoutMs: TIMEOUT_MS, signal }));
  } catch (error) {
    // It is sent again, with the same id.
    if (signal.aborted) return undefined;
    return resultOfError(error);
  }
}
