import {
  type Consumer,
  type ConsumerStatus,
  type DatabaseOptions,
  keepProcessRow,
  openDatabase,
  runConsumers,
  untilMigrated,
} from '@fechatter/drizzle';
import type { Config } from '@fechatter/service-kit';
import { type CheckCounts, noChecks, runChecks } from './file-checks/run-checks.ts';
import type { CheckDeps } from './file-checks/check-file.ts';
import type { Job, JobDeps } from './maintenance/job.ts';
import { type MailCounts, runMail } from './mail/run-mail.ts';
import { createMailTransport } from './mail/transport.ts';
import { type JobCounts, runJobs } from './maintenance/run-jobs.ts';
import { publishPushKinds } from './push/publish-kinds.ts';
import type { PushWork } from './push/push-work.ts';
import { noPushes, type PushCounts, runPushes } from './push/run-pushes.ts';
import { runWalk } from './search-index/run-walk.ts';
import type { LaneDeps, WebhookCounts } from './webhooks/run-lane.ts';
import { noWebhooks, runWebhooks } from './webhooks/run-webhooks.ts';
import type { SearchWork } from './search-index/search-work.ts';

export interface WorkOptions {
  readonly deps: JobDeps & CheckDeps & LaneDeps & { readonly config: Config<'worker'> };
  readonly access: DatabaseOptions;
  readonly jobs: readonly Job[];
  readonly consumers: readonly Consumer[];
  /** Undefined: search is off. */
  readonly search: SearchWork | undefined;
  /** Undefined: pushes are off. */
  readonly push: PushWork | undefined;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** The running work of a worker. */
export interface Work {
  /** Counts since this process started; empty until the database is reachable and migrated. */
  readonly jobs: JobCounts;
  readonly consumers: readonly ConsumerStatus[];
  readonly mail: Readonly<MailCounts>;
  readonly checks: Readonly<CheckCounts>;
  readonly webhooks: Readonly<WebhookCounts>;
  readonly pushes: Readonly<PushCounts>;
  /** Settles when `signal` has aborted and all work has stopped. */
  readonly ended: Promise<void>;
}

/** Starts jobs and consumers once the database has what this build needs. */
export function startWork({ deps, access, jobs, consumers, search, push, signal, onError }: WorkOptions): Work {
  const { log } = deps;
  let counts: JobCounts = {};
  let statuses: readonly ConsumerStatus[] = [];
  let mail: Readonly<MailCounts> = { sent: 0, putOff: 0, givenUp: 0 };
  let checks: Readonly<CheckCounts> = noChecks();
  let webhooks: Readonly<WebhookCounts> = noWebhooks();
  let pushes: Readonly<PushCounts> = noPushes();
  const onWaiting = () => log.warn('waiting until the database is reachable and migrated');
  const ended = (async () => {
    if (!(await untilMigrated(deps.db, signal, onWaiting))) return;
    const kept = keepProcessRow({ db: deps.db, service: 'worker', signal, onError });
    const db = openDatabase({ ...access, plans: 'steady', poolSize: Math.max(1, consumers.length) });
    const running = runConsumers({
      database: access,
      db,
      consumers,
      onError(consumer, error) {
        if (consumer === undefined) onError(error);
        else log.error({ err: error, consumer }, 'a consumer of the log failed; trying again');
      },
    });
    const working = runJobs({ deps, jobs, signal });
    counts = working.counts;
    statuses = running.statuses;
    const transport = createMailTransport(deps.config);
    const mailing = transport && runMail({ deps, transport, signal });
    if (mailing !== undefined) mail = mailing.counts;
    const checking = runChecks({ deps, signal });
    checks = checking.counts;
    const calling = runWebhooks({ deps, signal });
    webhooks = calling.counts;
    const publishing = push && publishPushKinds({ db: deps.db, kinds: push.kinds, signal, onError });
    const pushing = push && runPushes({ deps: { ...deps, ...push }, signal });
    if (pushing !== undefined) pushes = pushing.counts;
    const walking = runWalk({ deps, search, signal });
    await working.ended;
    await walking.ended;
    await checking.ended;
    await calling.ended;
    await mailing?.ended;
    await pushing?.ended;
    await publishing;
    push?.close();
    await running.stop();
    await kept;
    await db.close();
  })();
  return {
    get jobs() {
      return counts;
    },
    get consumers() {
      return statuses;
    },
    get mail() {
      return mail;
    },
    get checks() {
      return checks;
    },
    get webhooks() {
      return webhooks;
    },
    get pushes() {
      return pushes;
    },
    ended,
  };
}
