import { isUnavailable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type LetterDeps, letterOf } from './letter.ts';
import { claimMails, forgetMail, giveUp, type MailJob, putOff } from './mail-jobs.ts';
import type { MailTransport } from './transport.ts';

/** The results of this process's attempts since it started. */
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
 * Sends the mails that are due until `signal` aborts. One worker at a time holds a mail. A worker that is killed after
 * sending and before recording that makes the next one send the mail again, with the same Message-ID, so mail hosts and
 * readers show it once.
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
      log.warn({ mailId: job.id, kind: job.kind }, 'a mail has expired unsent');
      return giveUp(db, job, 'too late');
    }
    const letter = await letterOf(deps, job);
    if (letter === undefined) return forgetMail(db, job);
    const failure = await transport.send(letter);
    if (failure === undefined) {
      counts.sent++;
      return forgetMail(db, job);
    }
    const fields = { mailId: job.id, kind: job.kind, failure: failure.code, attempts: job.attempts };
    if (failure.isPermanent) {
      counts.givenUp++;
      log.warn(fields, 'a mail was refused permanently');
      return giveUp(db, job, failure.code);
    }
    counts.putOff++;
    log.warn(fields, 'a mail cannot be sent yet');
    return putOff(db, job, failure.code);
  };
  const work = async () => {
    while (!signal.aborted) {
      let claimed = 0;
      try {
        const jobs = await claimMails(db, randomUUID(), AT_ONCE_MAX);
        claimed = jobs.length;
        // If the database fails, the result is not recorded, and the mail is tried again when its lease has ended.
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
