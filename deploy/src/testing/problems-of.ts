import { loadConfig } from '@fechatter/service-kit';
import { tmpdir } from 'node:os';

/** The problems that a service reports for these settings, one a line; empty if there are none. */
export function problemsOf(service: 'server' | 'notify' | 'worker', env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(service, { env, cwd: tmpdir() });
    return '';
  } catch (error) {
    return String(error);
  }
}
