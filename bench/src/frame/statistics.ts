import type { Figure, Target } from '../benchmark.ts';

/** The median of some numbers and their spread. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summaryOf(runs: readonly number[]): Summary {
  if (runs.length === 0) throw new Error('a figure has at least one run');
  return { median: percentile(runs, 0.5), min: Math.min(...runs), max: Math.max(...runs) };
}

/**
 * The smallest number that at least this part (0 to 1) of the numbers does not exceed; for 0.5 of an even count, the
 * mean of the middle two.
 */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = Float64Array.from(numbers).sort();
  const at = part * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return part === 0.5 ? (low + high) / 2 : high;
}

/** A figure relative to its reference, round by round; undefined if it has none, or that was skipped. */
export function ratioOf(figure: Figure, all: readonly Figure[]): Summary | undefined {
  const reference = all.find(({ name }) => name === figure.reference);
  if (reference === undefined) return undefined;
  const rounds = Math.min(figure.runs.length, reference.runs.length);
  return summaryOf(figure.runs.slice(0, rounds).map((run, round) => run / (reference.runs[round] ?? Number.NaN)));
}

/** Whether a figure reaches its target; undefined if it has none, or its reference was skipped. */
export function isReached(figure: Figure, all: readonly Figure[]): boolean | undefined {
  const { target } = figure;
  if (target === undefined) return undefined;
  const value = target.of === 'ratio' ? ratioOf(figure, all)?.median : summaryOf(figure.runs).median;
  return value === undefined ? undefined : isWithin(value, target);
}

const isWithin = (value: number, { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Target) =>
  value <= atMost && value >= atLeast;
