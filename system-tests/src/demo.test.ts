import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@fechatter/testing/until';
import { expect, test } from 'vitest';
import { startSystem, type StartedSystem, systemPlace } from './started-system.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Demo {
  readonly code: number;
  readonly output: string;
}

/** Runs the demo; `onLine` gets the number of lines that the printing subscriber has shown so far. */
async function runDemo(system: StartedSystem, args: readonly string[], onLine: (count: number) => void): Promise<Demo> {
  const urls = ['--server', system.serverUrl, '--notify', system.notifyUrl];
  const demo = spawn(process.execPath, ['--import', 'tsx', 'examples/irc-demo/src/main.ts', ...urls, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let lines = 0;
  demo.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    lines += chunk.toString().split('  <').length - 1;
    onLine(lines);
  });
  const [code] = (await once(demo, 'close')) as [number];
  return { code, output };
}

test('the demo proves its sample', async () => {
  await using place = await systemPlace();
  await using system = await startSystem(place);
  const { code, output } = await runDemo(system, [], () => {});
  expect(output).toContain('proved: 3 subscribers saw each of 34 messages exactly once and in order');
  expect(code).toBe(0);
});

test('the proof succeeds while server, Postgres and notify are killed in turn', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-logs-'));
  const contentsOf = (channel: number) =>
    Array.from({ length: 250 }, (_, line) => `[10:00] <nick${line % 5}> line ${line} of channel ${channel}`).join('\n');
  for (let channel = 0; channel < 6; channel++)
    await writeFile(join(folder, `c${channel}.raw.txt`), contentsOf(channel));

  await using place = await systemPlace();
  await using system = await startSystem(place);
  // notify last: while it is down, people continue sending, and may have finished.
  const victims: ('server' | 'postgres' | 'notify')[] = ['server', 'postgres', 'notify'];
  const killed: string[] = [];
  const kills: Promise<unknown>[] = [];
  const { code, output } = await runDemo(system, ['--from', folder], (lines) => {
    if (lines < 150 + killed.length * 400 || victims.length === 0) return;
    const victim = victims.shift() ?? 'notify';
    killed.push(victim);
    // It may be starting again after the one before was killed.
    kills.push(until(() => system.pidOf(victim), `${victim} runs`).then((pid) => process.kill(pid, 'SIGKILL')));
  });
  await rm(folder, { recursive: true });
  await Promise.all(kills);
  expect(killed).toEqual(['server', 'postgres', 'notify']);
  expect(output).toContain('proved: 3 subscribers saw each of 1500 messages exactly once and in order');
  expect(code).toBe(0);
});
