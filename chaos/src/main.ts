import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { reportOf } from './report.ts';
import { run } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    minutes: { type: 'string', default: '2' },
    'fault-gap-ms': { type: 'string', default: '3500' },
    report: { type: 'string' },
  },
});
const seed = Number(values.seed);
const minutes = Number(values.minutes);
const command = `pnpm chaos --seed ${seed} --minutes ${minutes}`;
const print = (line: string) => console.log(line);

print(command);
const outcome = await run({
  seed,
  durationMs: minutes * 60_000,
  faultGapMs: Number(values['fault-gap-ms']),
  size: { people: 24, chats: 14, hostile: 1, stock: 14, plain: 64, sdk: 6, store: 4, sleepers: 6 },
  instances: { servers: 2, notifies: 3, workers: 2 },
  writers: 18,
  pauseMs: 100,
  durable: true,
  hasOwnDisk: true,
  checksPresence: true,
  partitionRows: 1_500,
  print,
});
const report = reportOf(outcome, { command, minutes });
print(`\n${report}`);
if (values.report !== undefined) await writeFile(values.report, report);
if (outcome.findings.total > 0) {
  print(`\nseed ${seed}\n${outcome.findings.toString()}`);
  process.exitCode = 1;
}
