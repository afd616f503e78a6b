import type { Figure } from '../benchmark.ts';
import { percentile, ratioOf } from '../frame/statistics.ts';
import type { RecordedRatio } from './recorded.ts';

/** A ratio that got worse by more than this part of the recorded one is reported. */
const TOLERATED = 0.15;

/** A ratio of a run, or the median of several. */
export interface MeasuredRatio extends RecordedRatio {
  readonly figure: string;
  /** Whether more is better. */
  readonly isRate: boolean;
}

/** A ratio that got worse. */
export interface Worse extends MeasuredRatio {
  readonly recorded: number;
}

/** More of these is better; of everything else (CPU, memory, times) less is. */
const isRateIn = (unit: string): boolean => /a second$|\/s$|^people$/.test(unit);

/** The ratios of a result. */
export function ratiosIn(figures: readonly Figure[]): readonly MeasuredRatio[] {
  return figures.flatMap((figure) => {
    const ratio = ratioOf(figure, figures)?.median;
    if (ratio === undefined || !Number.isFinite(ratio) || figure.reference === undefined) return [];
    return [{ figure: figure.name, to: figure.reference, ratio, isRate: isRateIn(figure.unit) }];
  });
}

/** The medians of several runs; of what some runs lack, those of the others. */
export function medianRatios(runs: readonly (readonly MeasuredRatio[])[]): readonly MeasuredRatio[] {
  const byFigure = groupedByFigure(runs.flat());
  return [...byFigure.values()].flatMap((found) => {
    const [first] = found;
    const ratios = found.map(({ ratio }) => ratio);
    return first === undefined ? [] : [{ ...first, ratio: Number(percentile(ratios, 0.5).toPrecision(3)) }];
  });
}

/** The ratios that are worse than the recorded ones. Those without a recorded ratio are not judged. */
export function worseThan(
  recorded: Readonly<Record<string, RecordedRatio>>,
  measured: readonly MeasuredRatio[],
): readonly Worse[] {
  return measured.flatMap((now) => {
    const before = recorded[now.figure];
    if (before?.to !== now.to) return [];
    const factor = now.isRate ? before.ratio / now.ratio : now.ratio / before.ratio;
    return factor > 1 + TOLERATED ? [{ ...now, recorded: before.ratio }] : [];
  });
}

function groupedByFigure(ratios: readonly MeasuredRatio[]): Map<string, MeasuredRatio[]> {
  const groups = new Map<string, MeasuredRatio[]>();
  for (const ratio of ratios) {
    const key = JSON.stringify([ratio.figure, ratio.to]);
    groups.set(key, [...(groups.get(key) ?? []), ratio]);
  }
  return groups;
}
