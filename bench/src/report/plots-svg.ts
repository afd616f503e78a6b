import type { Plot, Series } from '../benchmark.ts';
import { readable } from './lines.ts';

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { top: 36, right: 190, bottom: 48, left: 76 };
const COLOURS = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed', '#0891b2', '#475569', '#be185d'];

/** Plots below each other in one SVG, with logarithmic axes: factors are what is compared. */
export function plotsSvg(plots: readonly Plot[]): string {
  const parts = plots.map((plot, index) => `<g transform="translate(0 ${index * HEIGHT})">${plotGroup(plot)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT * plots.length}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

function plotGroup({ title, xLabel, yLabel, series }: Plot): string {
  const points = series.flatMap((one) => one.points).filter(([x, y]) => x > 0 && y > 0);
  if (points.length === 0) return '';
  const x = axisOf(
    points.map(([value]) => value),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = axisOf(
    points.map(([, value]) => value),
    HEIGHT - MARGIN.bottom,
    MARGIN.top,
  );
  const bottom = HEIGHT - MARGIN.bottom;
  const right = WIDTH - MARGIN.right;
  return [
    `<text x="${MARGIN.left}" y="20" font-weight="600">${escaped(title)}</text>`,
    ...y.ticks.map(
      (tick) =>
        `<path d="M${MARGIN.left} ${y.at(tick)}H${right}" stroke="#e2e8f0"/><text x="${MARGIN.left - 8}" y="${y.at(tick) + 4}" text-anchor="end">${readable(tick)}</text>`,
    ),
    ...x.ticks.map(
      (tick) =>
        `<path d="M${x.at(tick)} ${bottom}v5" stroke="#64748b"/><text x="${x.at(tick)}" y="${bottom + 19}" text-anchor="middle">${tick.toLocaleString('en-US')}</text>`,
    ),
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escaped(xLabel)}</text>`,
    `<text transform="translate(16 ${(MARGIN.top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>`,
    ...series.map((one, index) => lineOf(one, index, x, y)),
  ].join('\n');
}

function lineOf({ name, points }: Series, index: number, x: Axis, y: Axis): string {
  const colour = COLOURS[index % COLOURS.length];
  const places = points
    .filter((point) => point[0] > 0 && point[1] > 0)
    .map(([at, value]) => [x.at(at), y.at(value)] as const);
  const left = WIDTH - MARGIN.right + 16;
  const top = MARGIN.top + 10 + index * 18;
  return [
    `<path d="M${places.map((place) => place.join(' ')).join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...places.map(([at, value]) => `<circle cx="${at}" cy="${value}" r="3" fill="${colour}"/>`),
    `<path d="M${left} ${top - 4}h16" stroke="${colour}" stroke-width="2"/><text x="${left + 22}" y="${top}">${escaped(name)}</text>`,
  ].join('\n');
}

/** A logarithmic axis over some values, with ticks at 1, 2 and 5 times the powers of ten. */
function axisOf(values: readonly number[], from: number, to: number): Axis {
  const low = Math.log10(Math.min(...values) / 1.15);
  const high = Math.log10(Math.max(...values) * 1.15);
  const at = (value: number) => Math.round((from + ((Math.log10(value) - low) / (high - low)) * (to - from)) * 10) / 10;
  const steps = high - low > 3 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++)
    for (const step of steps) {
      const tick = step * 10 ** power;
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  return { at, ticks };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
