import { loadConfig } from '@fechatter/service-kit';
import { tmpdir } from 'node:os';

/** What a service says of these settings, a line for each problem; empty where it finds none. */
export function problemsOf(service: 'server' | 'notify' | 'worker', env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(service, { env, cwd: tmpdir() });
    return '';
  } catch (error) {
    return String(error);
  }
}
