import { expect, test } from 'vitest';
import type { Benchmark, Figure } from '../benchmark.ts';
import { benchmarks } from '../benchmarks.ts';
import { isAsFastAsRecorded, ratiosToRecord } from './guard.ts';
import { recordedRatios } from './recorded.ts';

const RECORDED = { sends: { CPU: { to: 'lean', ratio: 1.5 }, rate: { to: 'lean rate', ratio: 0.6 } } };

/** Runs whose ratios are these, one pair a run. */
async function guarded(runs: readonly (readonly [cpu: number, rate: number])[], recorded = RECORDED) {
  const lines: string[] = [];
  let next = 0;
  const run = () => {
    const [cpu, rate] = runs[next++] ?? [Number.NaN, Number.NaN];
    const figures: Figure[] = [
      { name: 'CPU', unit: 'µs', runs: [cpu * 40], reference: 'lean' },
      { name: 'lean', unit: 'µs', runs: [40] },
      { name: 'rate', unit: 'a second', runs: [rate * 1_000], reference: 'lean rate' },
      { name: 'lean rate', unit: 'a second', runs: [1_000] },
    ];
    return Promise.resolve({ figures });
  };
  const sends: Benchmark = { name: 'sends', title: '', needs: [], run: () => Promise.reject(new Error('not run')) };
  const isFine = await isAsFastAsRecorded({ benchmarks: [sends], recorded, run, print: (line) => lines.push(line) });
  return { isFine, lines, runs: next };
}

test('ratios within 15 % are fine after one run', async () => {
  expect(await guarded([[1.7, 0.53]])).toEqual({ isFine: true, lines: ['sends: not worse than recorded'], runs: 1 });
});

test('more CPU, or a lower rate, is reported with both ratios', async () => {
  const runs: [number, number][] = [1, 2, 3].map(() => [1.8, 0.5]);
  expect(await guarded(runs)).toEqual({
    isFine: false,
    lines: [
      'sends: WORSE: CPU: 1.8 × lean; recorded were 1.5 ×',
      'sends: WORSE: rate: 0.5 × lean rate; recorded were 0.6 ×',
    ],
    runs: 3,
  });
});

test('one disturbed run is not reported', async () => {
  expect(
    await guarded([
      [9, 0.6],
      [1.5, 0.6],
      [1.5, 0.6],
    ]),
  ).toMatchObject({ isFine: true });
});

test('better ratios are fine', async () => {
  expect(await guarded([[0.5, 2]])).toMatchObject({ isFine: true, runs: 1 });
});

test('a ratio that was recorded and is not measured any more is named', async () => {
  const recorded = { sends: { ...RECORDED.sends, gone: { to: 'lean', ratio: 1 } } };
  expect((await guarded([[1.5, 0.6]], recorded)).lines).toContain('sends: not measured: gone');
});

test('a benchmark that fails is reported', async () => {
  const failing: Benchmark = { name: 'sends', title: '', needs: [], run: () => Promise.reject(new Error('no wrk')) };
  const lines: string[] = [];
  const run = (benchmark: Benchmark) => benchmark.run({} as never);
  const print = (line: string) => lines.push(line);
  expect(await isAsFastAsRecorded({ benchmarks: [failing], recorded: RECORDED, run, print })).toBe(false);
  expect(lines).toEqual(['sends: FAILED: no wrk']);
});

test('the median of three runs is recorded', async () => {
  const ratios = [1, 9, 2];
  const run = () => {
    const ours = { name: 'ours', unit: 'µs', runs: [ratios.shift() ?? 0], reference: 'theirs' };
    return Promise.resolve({ figures: [ours, { name: 'theirs', unit: 'µs', runs: [1] }] });
  };
  const one: Benchmark = { name: 'one', title: '', needs: [], run: () => Promise.reject(new Error('not run')) };
  expect(await ratiosToRecord({ benchmarks: [one], run })).toEqual({ one: { ours: { to: 'theirs', ratio: 2 } } });
});

test('what is recorded are ratios of benchmarks that exist', async () => {
  const names = benchmarks.map(({ name }) => name);
  const recorded = await recordedRatios();
  expect(Object.keys(recorded).filter((name) => !names.includes(name))).toEqual([]);
  for (const ratios of Object.values(recorded))
    for (const { ratio } of Object.values(ratios)) expect(ratio).toBeGreaterThan(0);
});
