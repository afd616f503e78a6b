import type { Figure, Target } from '../benchmark.ts';
import { isReached, ratioOf, summaryOf } from '../frame/statistics.ts';

/** A number with three significant digits, for people. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return '?';
  const size = Math.abs(value);
  if (size >= 1_000) return Math.round(value).toLocaleString('en-US');
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

/** A figure's median and spread, with its unit. */
export function valueText({ runs, unit }: Figure): string {
  const { median, min, max } = summaryOf(runs);
  return runs.length === 1
    ? `${readable(median)} ${unit}`
    : `${readable(median)} ${unit} (${readable(min)} to ${readable(max)})`;
}

/** Its ratio to its reference; empty if it has none. */
export function ratioText(figure: Figure, all: readonly Figure[]): string {
  const ratio = ratioOf(figure, all);
  if (ratio === undefined) return figure.reference === undefined ? '' : `${figure.reference}: left out`;
  return `${readable(ratio.median)} × ${figure.reference} (${readable(ratio.min)} to ${readable(ratio.max)})`;
}

/** Its target, and whether it is reached. */
export function targetText(figure: Figure, all: readonly Figure[]): string {
  if (figure.target === undefined) return '';
  const reached = isReached(figure, all);
  const verdict = reached === undefined ? 'not checked' : reached ? 'reached' : 'missed';
  return `${boundText(figure.target, figure.unit)}: ${verdict}`;
}

function boundText({ of, atMost, atLeast }: Target, unit: string): string {
  const suffix = of === 'ratio' ? ' ×' : ` ${unit}`;
  const bounds = [
    atMost === undefined ? '' : `≤ ${atMost}${suffix}`,
    atLeast === undefined ? '' : `≥ ${atLeast}${suffix}`,
  ];
  return bounds.filter((bound) => bound !== '').join(', ');
}

/** A result for a terminal. */
export function linesOf({ figures }: { readonly figures: readonly Figure[] }): readonly string[] {
  return figures.map((figure) =>
    [`  ${figure.name}: ${valueText(figure)}`, ratioText(figure, figures), targetText(figure, figures)]
      .filter((part) => part !== '')
      .join(' · '),
  );
}
