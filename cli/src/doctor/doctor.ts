import { openDatabase } from '@fechatter/drizzle';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { configWithKeys, databaseOf } from '../deployment.ts';
import { checkActivity } from './activity.ts';
import { checkConnection } from './connection.ts';
import { type Check, type Finding, type Patient, problem, skipped } from './finding.ts';
import { checkFiles } from './files.ts';
import { checkKeys } from './keys.ts';
import { checkLog } from './log.ts';
import { mailCheck } from './mail.ts';
import { checkPostgres } from './postgres.ts';
import { checkReleases } from './releases.ts';
import { checkSchema } from './schema.ts';
import { checkServices } from './services.ts';
import { checkStream } from './stream.ts';
import { checkVirusScan } from './virus-scan.ts';
import { checkWorkers } from './workers.ts';

export const doctor: Command = {
  summary: 'check a deployment: what is wrong and how to fix it',
  details: `
Run it with the settings of the services, on a machine that can reach the database and the public URLs. It changes
nothing, but stores and deletes a few bytes in the bucket of files.s3, if there is one. If DOCTOR_EMAIL and DOCTOR_PASSWORD hold an account, it also signs in through the public URL, opens a stream and
checks that no proxy buffers events.

  --mail <address>   send a test mail to this address, with the settings of the worker
  --no-services      do not check the public URLs

Exit code: 0 if there is no problem (there may be warnings), 1 if there is one.`,
  options: { 'no-services': { type: 'boolean' }, mail: { type: 'string' } },
  run: examine,
};

const ofDatabase: readonly Check[] = [
  checkConnection,
  checkPostgres,
  checkSchema,
  checkKeys,
  checkLog,
  checkWorkers,
  checkReleases,
  checkActivity,
  checkFiles,
  checkVirusScan,
];
const ofServices: readonly Check[] = [checkServices, checkStream];
const STATEMENT_TIMEOUT_MS = 5_000;
const signs = { ok: 'ok     ', warning: 'WARNING', problem: 'PROBLEM', skipped: 'skipped' } as const;

async function examine({ env, options, show }: CommandContext): Promise<number> {
  const checkMail = mailCheck(textOption({ options }, 'mail'));
  const config = configWithKeys(env);
  const database = { ...databaseOf(env), poolSize: 2, statementTimeoutMs: STATEMENT_TIMEOUT_MS };
  const db = openDatabase(database);
  const patient: Patient = { env, config, database, db: db.pool };
  try {
    const findings = [
      ...(await findingsOf(ofDatabase, patient)),
      ...(await findingsOf([checkMail], patient)),
      ...(options['no-services'] === true ? [] : await findingsOf(ofServices, patient)),
    ];
    const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
    const summary = { problems: count('problem'), warnings: count('warning'), skipped: count('skipped') };
    show({ ...summary, findings }, [
      ...findings.flatMap(linesOf),
      `${summary.problems} problems, ${summary.warnings} warnings, ${summary.skipped} skipped`,
    ]);
    return summary.problems === 0 ? 0 : 1;
  } finally {
    await db.close();
  }
}

/** If one of these fails, the later checks cannot run. */
const foundations = new Set(['database', 'migrations']);

/**
 * Runs the checks one after the other; if the database cannot be reached or has no tables, its later checks are
 * skipped.
 */
async function findingsOf(checks: readonly Check[], patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    const found = await check(patient).catch((error: unknown): Finding[] => [
      problem(nameOf(check), `cannot be checked: ${reasonOf(error)}`, 'Fix this first, then run doctor again.'),
    ]);
    findings.push(...found);
    if (found.some((finding) => foundations.has(finding.check) && finding.status === 'problem')) {
      findings.push(skipped('database', 'everything else of it, because it cannot be used'));
      break;
    }
  }
  return findings;
}

const nameOf = (check: Check): string => check.name.replace(/^check/, '').toLowerCase();
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function linesOf({ status, check, found, todo }: Finding): string[] {
  const line = `${signs[status]}  ${check}: ${found}`;
  return todo === undefined ? [line] : [line, `         ${todo}`];
}
