import type { Database, DatabaseOptions } from '@fechatter/drizzle';
import type { Config } from '@fechatter/service-kit';

/** What a check found out. `problem`: something does not work, or will not after the next crash. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
  /** What is so, without secrets. */
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** What checks stand on. */
export interface Patient {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config<'launcher'>;
  readonly database: DatabaseOptions;
  /** Read only by intention: a check changes nothing. */
  readonly db: Database['pool'];
}

/** Looks at one side of a deployment. What it throws is told as a problem of its own. */
export type Check = (patient: Patient) => Promise<readonly Finding[]>;

export const ok = (check: string, found: string): Finding => ({ check, status: 'ok', found });
export const skipped = (check: string, found: string): Finding => ({ check, status: 'skipped', found });
export const warning = (check: string, found: string, todo: string): Finding => ({
  check,
  status: 'warning',
  found,
  todo,
});
export const problem = (check: string, found: string, todo: string): Finding => ({
  check,
  status: 'problem',
  found,
  todo,
});
