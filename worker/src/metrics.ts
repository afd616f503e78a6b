import { PushKind } from '@fechatter/contract';
import { type ConsumerLag, consumerLags, type Database, logState, searchIndexBytes } from '@fechatter/drizzle';
import type { FileStores } from '@fechatter/file-store';
import { type Metrics, registerDatabaseMetrics, registerFileStoreMetrics } from '@fechatter/service-kit';
import { waitingChecks } from './file-checks/waiting-checks.ts';
import { waitingMails } from './mail/mail-jobs.ts';
import { type JobState, jobStates } from './maintenance/job-states.ts';
import { type WaitingPushes, waitingPushes } from './push/waiting-pushes.ts';
import { waitingWebhooks } from './webhooks/waiting-webhooks.ts';
import type { Work } from './work.ts';

export interface WorkerNames {
  readonly jobs: readonly string[];
  readonly consumers: readonly string[];
}

export interface WorkerMetricsOptions {
  readonly metrics: Metrics;
  readonly db: Database;
  readonly work: Work;
  readonly names: WorkerNames;
  readonly stores: FileStores;
}

/** The metrics of a worker. The progress of jobs and consumers is the same in every worker; counters are its own. */
export function registerWorkerMetrics({ metrics, db, work, names, stores }: WorkerMetricsOptions): void {
  registerFileStoreMetrics(metrics, stores.counts);
  registerDatabaseMetrics(metrics, { pool: db.pool, logState: () => logState(db.pool) });
  const ofJobs = (of: (state: JobState) => number | undefined) => async () => {
    const states = await jobStates(db, names.jobs).catch(() => []);
    return known(states.map((state) => [state.name, of(state)]));
  };
  const ofLags = (of: (lag: ConsumerLag) => number) => async () => {
    const lags = await consumerLags(db.pool, names.consumers).catch(() => []);
    return known(lags.map((lag) => [lag.name, of(lag)]));
  };
  // Not `job`: Prometheus uses that label for the scraped target.
  const job = 'maintenance';
  metrics.counter({
    name: 'fechatter_job_runs_total',
    help: 'Runs of a maintenance job that finished in this worker.',
    label: job,
    read: () => known(Object.entries(work.jobs).map(([name, { runs }]) => [name, runs])),
  });
  metrics.counter({
    name: 'fechatter_job_failures_total',
    help: 'Runs of a maintenance job that failed in this worker; it is due again after a minute.',
    label: job,
    read: () => known(Object.entries(work.jobs).map(([name, { failures }]) => [name, failures])),
  });
  metrics.gauge({
    name: 'fechatter_job_age_seconds',
    help: 'How long ago a maintenance job last finished, in any worker; absent if it never did.',
    label: job,
    read: ofJobs(({ sinceFinishedMs }) => sinceFinishedMs && sinceFinishedMs / 1_000),
  });
  metrics.counter({
    name: 'fechatter_mails_total',
    help: 'Attempts of this worker to send a mail, by result: sent, put off, or given up.',
    label: 'outcome',
    read: () => ({ sent: work.mail.sent, 'put off': work.mail.putOff, 'given up': work.mail.givenUp }),
  });
  metrics.gauge({
    name: 'fechatter_mails_waiting',
    help: 'Mails that wait to be sent.',
    read: async () => (await waitingMails(db).catch(() => undefined))?.waiting,
  });
  metrics.counter({
    name: 'fechatter_pushes_total',
    help:
      'Pushes of this worker, by result: sent, unwanted (read meanwhile, muted, session ended), put off, unauthorised (put off: ' +
      'our key is refused), gone (the subscription), refused, or given up.',
    label: 'outcome',
    read: () => ({
      sent: work.pushes.sent,
      unwanted: work.pushes.unwanted,
      'put off': work.pushes.putOff,
      unauthorised: work.pushes.unauthorised,
      gone: work.pushes.gone,
      refused: work.pushes.refused,
      'given up': work.pushes.givenUp,
    }),
  });
  const ofPushes =
    <T>(of: (waiting: WaitingPushes) => T) =>
    () =>
      waitingPushes(db).then(of, () => undefined);
  metrics.gauge({
    name: 'fechatter_pushes_waiting',
    help: 'Pushes that wait to be sent: of a chat to a device.',
    read: ofPushes(({ waiting }) => waiting),
  });
  metrics.gauge({
    name: 'fechatter_pushes_due_seconds',
    help: 'How long the oldest push that is due has waited; 0 if there is none.',
    read: ofPushes(({ dueSeconds }) => dueSeconds),
  });
  metrics.gauge({
    name: 'fechatter_push_subscriptions_unauthorised',
    help:
      'Push subscriptions whose push service refused our key (401 or 403) last time, by kind; 0 unless it concerns a quarter of ' +
      'the people with subscriptions.',
    label: 'kind',
    read: ofPushes(({ refusedKeys }) => ({
      ...Object.fromEntries(PushKind.options.map((kind) => [kind, 0])),
      ...Object.fromEntries(refusedKeys.map(({ kind, subscriptions }) => [kind, subscriptions])),
    })),
  });
  metrics.counter({
    name: 'fechatter_file_checks_total',
    help: 'Files that this worker checked, by result: picture, passed, unreadable, infected, lost (gone meanwhile), or put off.',
    label: 'outcome',
    read: () => work.checks,
  });
  metrics.gauge({
    name: 'fechatter_files_waiting_seconds',
    help: 'How long the oldest of the uploaded files that a worker must check has waited; 0 if there is none. Imported files do not count.',
    read: () =>
      waitingChecks(db).then(
        ({ waitingSeconds }) => waitingSeconds,
        () => undefined,
      ),
  });
  metrics.counter({
    name: 'fechatter_webhook_attempts_total',
    help: 'Webhook deliveries that this worker handled, by result: delivered, retry, failed, skipped, or off (the webhook was switched off).',
    label: 'outcome',
    read: () => work.webhooks,
  });
  metrics.gauge({
    name: 'fechatter_webhooks_waiting_seconds',
    help: 'How long the oldest due delivery to a receiver that responds quickly has waited; 0 if there is none.',
    read: () =>
      waitingWebhooks(db).then(
        ({ waitingSeconds }) => waitingSeconds,
        () => undefined,
      ),
  });
  metrics.gauge({
    name: 'fechatter_webhooks_failing',
    help: 'Webhooks whose last attempt failed.',
    read: () =>
      waitingWebhooks(db).then(
        ({ failing }) => failing,
        () => undefined,
      ),
  });
  metrics.gauge({
    name: 'fechatter_search_index_bytes',
    help: 'The size of the message indexes, including one that is being built.',
    read: () => searchIndexBytes(db).catch(() => undefined),
  });
  const label = 'consumer';
  metrics.gauge({
    name: 'fechatter_consumer_positions_behind',
    help: 'Positions of the event log that a consumer has not processed yet.',
    label,
    read: ofLags(({ behind }) => behind),
  });
  metrics.gauge({
    name: 'fechatter_consumer_waiting_seconds',
    help: 'How long the oldest of them has waited; 0 if there is none.',
    label,
    read: ofLags(({ waitingMs }) => waitingMs / 1_000),
  });
  const counted = (of: (status: Work['consumers'][number]) => number) => () =>
    known(work.consumers.map((status) => [status.name, of(status)]));
  metrics.counter({
    name: 'fechatter_consumer_events_total',
    help: 'Events that a consumer processed in this worker.',
    label,
    read: counted(({ entries }) => entries),
  });
  metrics.counter({
    name: 'fechatter_consumer_failures_total',
    help: 'Batches of a consumer that failed in this worker; each is retried, none is skipped.',
    label,
    read: counted(({ failures }) => failures),
  });
  metrics.counter({
    name: 'fechatter_consumer_resets_total',
    help: 'How often a consumer was reset in this worker, because the log does not reach back to its position.',
    label,
    read: counted(({ resets }) => resets),
  });
}

const known = (pairs: readonly (readonly [string, number | undefined])[]): Record<string, number> =>
  Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
