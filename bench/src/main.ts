import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks.ts';
import type { Benchmark } from './benchmark.ts';
import { runBenchmark } from './frame/run-benchmark.ts';
import { storeResult } from './frame/stored-result.ts';
import { isAsFastAsRecorded, ratiosToRecord } from './guard/guard.ts';
import { recordedRatios, recordRatios } from './guard/recorded.ts';
import { linesOf } from './report/lines.ts';
import { writeReport } from './report/write-report.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    'cpu-prof': { type: 'string' },
    from: { type: 'string' },
    messages: { type: 'string' },
    record: { type: 'boolean', default: false },
  },
});
const profiles = values['cpu-prof'];
const nodeArgs = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
const messages = values.messages === undefined ? undefined : Number(values.messages);
if (messages !== undefined && !(Number.isSafeInteger(messages) && messages > 0)) {
  console.error('--messages is a number of messages, such as 10000000');
  process.exit(2);
}
const print = (line: string) => console.log(line);

const inShort = (benchmark: Benchmark) =>
  runBenchmark(benchmark, { isQuick: true, command: 'pnpm bench guard', nodeArgs: [], print: () => {} });

const [command] = positionals;
const isGuard = command === 'guard';
const names = isGuard ? positionals.slice(1) : positionals;

if (command === 'report') await writeReport();
else {
  const unknown = names.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    console.error(
      `unknown benchmarks: ${unknown.join(', ')}; there are ${benchmarks.map(({ name }) => name).join(', ')}`,
    );
    process.exit(2);
  }
  const chosen = benchmarks.filter(({ name }) => names.length === 0 || names.includes(name));
  if (isGuard) await guard(chosen);
  else await measure(chosen);
}

/** Compares short runs with the recorded ratios, or records them. */
async function guard(chosen: readonly Benchmark[]): Promise<void> {
  const recorded = await recordedRatios();
  if (values.record)
    await recordRatios({ ...recorded, ...(await ratiosToRecord({ benchmarks: chosen, run: inShort })) });
  else if (!(await isAsFastAsRecorded({ benchmarks: chosen, recorded, run: inShort, print }))) process.exitCode = 1;
}

async function measure(chosen: readonly Benchmark[]): Promise<void> {
  for (const benchmark of chosen) {
    print(`\n${benchmark.name}: ${benchmark.title}`);
    const command = [
      `pnpm bench ${benchmark.name}`,
      ...(values.quick ? ['--quick'] : []),
      ...(messages === undefined ? [] : [`--messages ${messages}`]),
    ].join(' ');
    const result = await runBenchmark(benchmark, {
      isQuick: values.quick,
      command,
      nodeArgs,
      from: values.from,
      messages,
      print,
    });
    for (const line of linesOf(result)) print(line);
    // Only full runs without a profiler are kept.
    if (!values.quick && profiles === undefined) await storeResult(result);
  }
  if (!values.quick && profiles === undefined) await writeReport();
}
