import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { world } from './testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

test('the quick start of the README runs as written', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const program = fileURLToPath(new URL('../dist/readme.mts', import.meta.url));
  const text = code.replace('http://127.0.0.1:6688', scene.serverUrl).replace('http://127.0.0.1:6687', scene.notifyUrl);
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, text);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], { timeout: 120_000 });
    expect(stdout).toContain('Alice: Hello, Bob!');
  } finally {
    await rm(program);
  }
});
