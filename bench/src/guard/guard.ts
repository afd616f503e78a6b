import type { Benchmark, Figure } from '../benchmark.ts';
import type { Recorded, RecordedRatio } from './recorded.ts';
import { type MeasuredRatio, medianRatios, ratiosIn, worseThan } from './worse.ts';

export interface GuardOptions {
  readonly benchmarks: readonly Benchmark[];
  readonly recorded: Recorded;
  /** Runs a benchmark in its short form. */
  readonly run: (benchmark: Benchmark) => Promise<{ readonly figures: readonly Figure[] }>;
  readonly print: (line: string) => void;
}

/** A ratio is worse only if the median of this many short runs is: one of them alone is often disturbed. */
const RUNS_MAX = 3;

/**
 * Compares short runs of the benchmarks with the recorded ratios, and prints what got worse. False if a ratio got worse,
 * or if a benchmark failed.
 */
export async function isAsFastAsRecorded({ benchmarks, recorded, run, print }: GuardOptions): Promise<boolean> {
  let isFine = true;
  for (const benchmark of benchmarks) {
    const { name } = benchmark;
    const own = recorded[name];
    if (own === undefined) {
      print(`${name}: no ratios are recorded`);
      continue;
    }
    try {
      const runs: (readonly MeasuredRatio[])[] = [];
      do runs.push(ratiosIn((await run(benchmark)).figures));
      while (worseThan(own, medianRatios(runs)).length > 0 && runs.length < RUNS_MAX);
      const measured = medianRatios(runs);
      const worse = worseThan(own, measured);
      for (const figure of missingFrom(own, measured)) print(`${name}: not measured: ${figure}`);
      for (const { figure, to, ratio, recorded: before } of worse)
        print(`${name}: WORSE: ${figure}: ${ratio} × ${to}; recorded were ${before} ×`);
      if (worse.length === 0) print(`${name}: not worse than recorded`);
      else isFine = false;
    } catch (error) {
      print(`${name}: FAILED: ${error instanceof Error ? error.message : String(error)}`);
      isFine = false;
    }
  }
  return isFine;
}

/** The benchmarks' ratios, the medians of as many short runs as the comparison has at most. */
export async function ratiosToRecord({ benchmarks, run }: Pick<GuardOptions, 'benchmarks' | 'run'>): Promise<Recorded> {
  const recorded: Record<string, Record<string, RecordedRatio>> = {};
  for (const benchmark of benchmarks) {
    const runs: (readonly MeasuredRatio[])[] = [];
    while (runs.length < RUNS_MAX) runs.push(ratiosIn((await run(benchmark)).figures));
    const own = medianRatios(runs).map(({ figure, to, ratio }) => [figure, { to, ratio }] as const);
    if (own.length > 0) recorded[benchmark.name] = Object.fromEntries(own);
  }
  return recorded;
}

/** What a ratio needs may not be installed, or it was renamed. */
const missingFrom = (recorded: Readonly<Record<string, RecordedRatio>>, measured: readonly MeasuredRatio[]) =>
  Object.entries(recorded).flatMap(([name, { to }]) =>
    measured.some((ratio) => ratio.figure === name && ratio.to === to) ? [] : [name],
  );
