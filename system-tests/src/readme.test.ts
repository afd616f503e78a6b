import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startSystem, systemPlace } from './started-system.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

test("the README's programs print what the README says", async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  await using place = await systemPlace();
  await using system = await startSystem(place);
  const here = (program: string | undefined) =>
    (program ?? '')
      .replaceAll('http://127.0.0.1:6688', system.serverUrl)
      .replaceAll('http://127.0.0.1:6687', system.notifyUrl);

  const folder = join(root, 'examples', 'dist');
  const path = join(folder, 'first.ts');
  await mkdir(folder, { recursive: true });
  await writeFile(path, here(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]));
  const { stdout } = await run(process.execPath, ['--import', 'tsx', path], { cwd: root, timeout: 120_000 });
  await rm(folder, { recursive: true });
  expect(stdout.trim()).toBe(/It prints `([^`]+)`/.exec(readme)?.[1]);

  const script = here(/```sh\n(api=[\s\S]*?)```/.exec(readme)?.[1]);
  // The stream never ends by itself: curl exits with code 28 when its time is over.
  const responses = await run('bash', ['-c', `${script}\n[ $? = 28 ]`], { timeout: 120_000 });
  expect(responses.stdout).toContain('"name":"By curl"');
  expect(responses.stdout).toContain('"chats":[]');
  expect(responses.stdout).toContain('event: ready');
});
