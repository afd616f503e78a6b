import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config/given.ts';
import type { Service } from '../config/setting.ts';
import { testEnvironment } from './test-config.ts';

/** A folder for files with settings, and the problems of the settings in it. */
export function configFolder() {
  const cwd = mkdtempSync(join(tmpdir(), 'fechatter-config-'));

  const fileWith = (text: string, name = `${crypto.randomUUID()}.yml`): string => {
    const path = join(cwd, name);
    writeFileSync(path, text);
    return path;
  };

  const problemsOf = (env: Environment, service: Service = 'server'): readonly string[] => {
    try {
      loadConfig(service, { env, cwd });
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };
  return { cwd, fileWith, problemsOf, problemsWith: (env: Environment) => problemsOf({ ...testEnvironment, ...env }) };
}
