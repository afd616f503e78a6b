import type { Database, DatabaseOptions } from '@fechatter/drizzle';
import type { Config } from '@fechatter/service-kit';

/** The result of a check. `problem`: something does not work, or will not after the next crash. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
  /** The observation, without secrets. */
  readonly found: string;
  /** What to do about it. */
  readonly todo?: string;
}

/** What a check inspects. */
export interface Patient {
  readonly env: NodeJS.ProcessEnv;
  readonly config: Config<'launcher'>;
  readonly database: DatabaseOptions;
  /** Only for reading: a check changes nothing. */
  readonly db: Database['pool'];
}

/** Checks one aspect of a deployment. An error that it throws is reported as a problem. */
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
