import { type Database, isUnavailable } from '@fechatter/drizzle';
import type { Log } from '@fechatter/service-kit';
import { setTimeout as wait } from 'node:timers/promises';
import { claimPushes } from './claim-pushes.ts';
import { decidePushes } from './decide-pushes.ts';
import type { DuePush } from './due-push.ts';
import { PushHosts } from './push-hosts.ts';
import type { PushOutcome } from './push-sender.ts';
import type { PushWork } from './push-work.ts';
import { sendPush } from './send-push.ts';
import { endPush, forgetSubscription, noteFailure, noteSent, noteShown, putOffPush } from './settle-push.ts';

/** What became of this process's pushes since it started. */
export interface PushCounts {
  /** The push service took it. */
  sent: number;
  /** Read elsewhere meanwhile, deleted, muted, or the session had ended. */
  unwanted: number;
  putOff: number;
  /** The push service refuses our key (401, 403); these are put off too. */
  unauthorised: number;
  /** The subscription did not exist any more. */
  gone: number;
  refused: number;
  /** Put off for a day. */
  givenUp: number;
}
export const noPushes = (): PushCounts => ({
  sent: 0,
  unwanted: 0,
  putOff: 0,
  unauthorised: 0,
  gone: 0,
  refused: 0,
  givenUp: 0,
});

export interface RunPushesOptions {
  readonly deps: PushWork & { readonly db: Database; readonly log: Log };
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

const POLL_MS = 500;
const GATHER_MS = 25;

/**
 * Sends the pushes that are due until `signal` aborts. One worker at a time holds a push. A worker that is killed before it
 * recorded the result makes another one send the push again, with the same content and topic, so the device shows it once.
 */
export function runPushes({ deps, signal, pollMs = POLL_MS }: RunPushesOptions): {
  readonly counts: Readonly<PushCounts>;
  readonly ended: Promise<void>;
} {
  const { db, log } = deps;
  const counts = noPushes();
  const hosts = new PushHosts(deps.kinds.map(({ kind }) => kind));
  const sending = new Set<Promise<unknown>>();

  const send = async (push: DuePush): Promise<void> => {
    const { wanted } = push;
    if (wanted === undefined) {
      counts.unwanted++;
      return endPush(db, push);
    }
    hosts.begin(push.host);
    const beganMs = performance.now();
    const outcome = await sendPush(deps, { ...push, wanted }, signal).catch((error: unknown): PushOutcome => {
      log.error({ err: error, subscriptionId: push.subscriptionId }, 'a push cannot be made');
      return { did: 'put off', failure: 'internal', afterSeconds: undefined };
    });
    hosts.end(push.host, { isReachable: isReachable(outcome), tookMs: performance.now() - beganMs });
    await settle(push, outcome);
    const failure = outcome.did === 'sent' ? null : outcome.failure;
    if (outcome.did !== 'gone' && (failure !== null || wanted.isFailing)) await noteFailure(db, push, failure);
  };

  const settle = async (push: DuePush, outcome: PushOutcome): Promise<void> => {
    const { subscriptionId, host, attempts } = push;
    const fields = { subscriptionId, host, attempts, kind: push.wanted?.kind };
    switch (outcome.did) {
      case 'sent':
        counts.sent++;
        await noteSent(db, push);
        return endPush(db, push);
      case 'gone':
        counts.gone++;
        return forgetSubscription(db, push);
      case 'refused':
        counts.refused++;
        log.warn({ ...fields, failure: outcome.failure }, 'a push was refused');
        return endPush(db, push);
      case 'put off': {
        const isOurs = outcome.failure === '401' || outcome.failure === '403';
        counts[isOurs ? 'unauthorised' : 'putOff']++;
        if (isOurs) log.warn(fields, 'a push service refuses our key: check the settings of pushes for this kind');
        if (!(await putOffPush(db, push, outcome.afterSeconds))) counts.givenUp++;
        return;
      }
      default:
        outcome satisfies never;
    }
  };

  /** Claims what may be sent now. Returns how many. */
  const step = async (): Promise<number> => {
    const claimed = await claimPushes(db, hosts.limits);
    if (claimed.ids.length === 0) return 0;
    const decided = await decidePushes(db, claimed);
    await noteShown(db, decided);
    for (const push of decided) {
      // If the result cannot be recorded, the push is due again when its lease has ended.
      const sent = send(push)
        .catch(onError)
        .finally(() => sending.delete(sent));
      sending.add(sent);
    }
    return claimed.ids.length;
  };
  const onError = (error: unknown): number => {
    if (!isUnavailable(error)) log.error({ err: error }, 'pushes cannot be sent');
    return 0;
  };

  /** Until the next poll; or until requests have ended, because their push service may have had no more room. */
  const pause = async (): Promise<void> => {
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const polled = wait(pollMs, undefined, { signal: stop, ref: false }).catch(() => {});
    const isBusy = sending.size > 0;
    await Promise.race([polled, ...sending]);
    over.abort();
    // Those that end together are replaced by one claim.
    if (isBusy) await wait(Math.min(GATHER_MS, pollMs), undefined, { signal, ref: false }).catch(() => {});
  };

  const work = async () => {
    while (!signal.aborted) {
      const claimed = hosts.free > 0 ? await step().catch(onError) : 0;
      if (hosts.free === 0) await Promise.race(sending);
      else if (claimed === 0) await pause();
    }
    await Promise.all(sending);
  };
  return { counts, ended: work() };
}

/** Whether the push service works, whatever it said of this push. */
const isReachable = (outcome: PushOutcome): boolean =>
  outcome.did !== 'put off' || /^4\d\d$/.test(outcome.failure) || outcome.failure === 'internal';
