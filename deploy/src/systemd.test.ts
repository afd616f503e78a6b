import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './build/root.ts';
import { isInstalled } from './testing/is-installed.ts';
import { problemsOf } from './testing/problems-of.ts';

const run = promisify(execFile);
const unitOf = (name: string) => join(root, `deploy/systemd/fechatter-${name}@.service`);
const names = ['server', 'notify', 'worker'] as const;

test.each(names)('%s: each credential is used by a setting, and each setting is known', async (name) => {
  const unit = await readFile(unitOf(name), 'utf8');
  const assigned = [...unit.matchAll(/^Environment=(.+)$/gm)].flatMap(([, all = '']) => all.split(' '));
  const settings = assigned.map((one) => one.split('=') as [string, string]);
  const used = settings.filter(([key]) => key.endsWith('_FILE')).map(([, value]) => value.replace('%d/', ''));
  const credentials = [...unit.matchAll(/^LoadCredential=([^:]+):/gm)].map(([, id = '']) => id);
  expect(used.toSorted()).toEqual(credentials.toSorted());
  const env = Object.fromEntries(settings.map(([key, value]) => [key, value.replace('%i', '7000')]));
  expect(problemsOf(name, env)).not.toMatch(/no such setting/);
});

test.each(names)('%s writes no core dump when it crashes', async (name) => {
  expect(await readFile(unitOf(name), 'utf8')).toMatch(/^LimitCORE=0$/m);
});

test.skipIf(!isInstalled('systemd-analyze'))('systemd finds no fault in the units (skipped without it)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-units-'));
  try {
    for (const name of names) {
      const unit = join(folder, `fechatter-${name}@.service`);
      await copyFile(unitOf(name), unit);
      const { stderr } = await run('systemd-analyze', ['verify', unit]);
      // A missing /usr/bin/node on this machine is not an error of the unit.
      expect(stderr.split('\n').filter((line) => line && !line.includes('not executable'))).toEqual([]);
      // Fails if the exposure level is above 2.0 of 10.
      await run('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
