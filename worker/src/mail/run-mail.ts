import { isUnavailable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type LetterDeps, letterOf } from './letter.ts';
import { claimMails, forgetMail, giveUp, type MailJob, putOff } from './mail-jobs.ts';
import type { MailTransport } from './transport.ts';

/** What became of mails here, since this process began. */
export interface MailCounts {
  sent: number;
  putOff: number;
  givenUp: number;
}

export interface RunMailOptions {
  readonly deps: LetterDeps;
  readonly transport: MailTransport;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

const AT_ONCE_MAX = 5;
const POLL_MS = 1_000;

/**
 * Sends the mails that are due until `signal` aborts. Each is one worker's at a time. A worker that is killed after it was
 * sent and before that is written down sends it again, with the same Message-ID: mail hosts and readers show it once.
 */
export function runMail({ deps, transport, signal, pollMs = POLL_MS }: RunMailOptions): {
  readonly counts: Readonly<MailCounts>;
  readonly ended: Promise<void>;
} {
  const { db, log } = deps;
  const counts: MailCounts = { sent: 0, putOff: 0, givenUp: 0 };

  const send = async (job: MailJob): Promise<void> => {
    if (job.isLate) {
      counts.givenUp++;
      log.warn({ mailId: job.id, kind: job.kind }, 'a mail is too late to be sent');
      return giveUp(db, job, 'too late');
    }
    const letter = await letterOf(deps, job);
    if (letter === undefined) return forgetMail(db, job);
    const failure = await transport.send(letter);
    if (failure === undefined) {
      counts.sent++;
      return forgetMail(db, job);
    }
    const told = { mailId: job.id, kind: job.kind, failure: failure.code, attempts: job.attempts };
    if (failure.isPermanent) {
      counts.givenUp++;
      log.warn(told, 'a mail was refused for good');
      return giveUp(db, job, failure.code);
    }
    counts.putOff++;
    log.warn(told, 'a mail cannot be sent yet');
    return putOff(db, job, failure.code);
  };
  const work = async () => {
    while (!signal.aborted) {
      let claimed = 0;
      try {
        const jobs = await claimMails(db, randomUUID(), AT_ONCE_MAX);
        claimed = jobs.length;
        // What an error of the database keeps from being written down is tried again when the lease has ended.
        const settled = await Promise.allSettled(jobs.map(send));
        for (const one of settled) if (one.status === 'rejected') throw one.reason;
      } catch (error) {
        claimed = 0;
        if (!isUnavailable(error)) log.error({ err: error }, 'mails cannot be sent');
      }
      if (claimed < AT_ONCE_MAX) await wait(pollMs, undefined, { signal, ref: false }).catch(() => {});
    }
    transport.close();
  };
  return { counts, ended: work() };
}
