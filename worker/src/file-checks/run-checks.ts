import { isUnavailable } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { checkFile, type CheckDeps, type Checked } from './check-file.ts';
import { claimCheck, dropCheck, type FileCheck, holdCheck, putOffCheck } from './claim-check.ts';

/** The results of the checks of this worker since it started. */
export type CheckCounts = Record<Checked | 'put off', number>;

export const noChecks = (): CheckCounts => ({
  picture: 0,
  passed: 0,
  unreadable: 0,
  infected: 0,
  lost: 0,
  'put off': 0,
});

export interface RunChecksOptions {
  readonly deps: CheckDeps;
  readonly signal: AbortSignal;
  readonly pollMs?: number;
}

const POLL_MS = 500;
/** Uploads come before what an import has brought, except each time of so many: an import ends, however much is uploaded. */
const IMPORTS_TURN = 8;

/** Checks uploaded files, one after the other, until `signal` aborts. One worker at a time holds a file. */
export function runChecks({ deps, signal, pollMs = POLL_MS }: RunChecksOptions): {
  readonly counts: Readonly<CheckCounts>;
  readonly ended: Promise<void>;
} {
  const { db, log } = deps;
  const counts = noChecks();

  const checkOrPutOff = async (check: FileCheck): Promise<Checked | 'put off' | undefined> => {
    const held = holdCheck(db, check, signal);
    try {
      return await checkFile(deps, check, held.signal);
    } catch (error) {
      if (signal.aborted) await dropCheck(db, check);
      if (held.signal.aborted) return undefined;
      if (!isUnavailable(error)) log.error({ err: error, fileId: check.fileId }, 'a file cannot be checked yet');
      await putOffCheck(db, check);
      return 'put off';
    } finally {
      await held.release();
    }
  };
  const work = async () => {
    for (let turn = 1; !signal.aborted; turn += 1) {
      let check: FileCheck | undefined;
      try {
        const first = turn % IMPORTS_TURN === 0 ? 'imported' : 'uploaded';
        check = await claimCheck(db, randomUUID(), { canScan: deps.clamd !== undefined, first });
        const became = check && (await checkOrPutOff(check));
        if (became !== undefined) counts[became] += 1;
      } catch (error) {
        check = undefined;
        if (!isUnavailable(error)) log.error({ err: error }, 'files cannot be checked');
      }
      if (check === undefined) await wait(pollMs, undefined, { signal, ref: false }).catch(() => {});
    }
  };
  return { counts, ended: work() };
}
