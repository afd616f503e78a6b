import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startSystem, systemPlace } from './started-system.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test("the README's first program prints what the README says", { timeout: 120_000 }, async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const printed = /It prints `([^`]+)`/.exec(readme)?.[1];
  await using place = await systemPlace();
  await using system = await startSystem(place);
  const folder = join(root, 'examples', 'dist');
  const path = join(folder, 'first.ts');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path,
    program.replace('http://127.0.0.1:6688', system.serverUrl).replace('http://127.0.0.1:6687', system.notifyUrl),
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', path], {
    cwd: root,
    timeout: 60_000,
  });
  await rm(folder, { recursive: true });
  expect(stdout.trim()).toBe(printed);
});
