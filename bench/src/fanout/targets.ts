import type { Target } from '../benchmark.ts';
import type { Crowd } from './contender.ts';

const NCHAN_FACTOR_MAX = 1.5;
const STOCK_FACTOR_MIN = 20;

/** The target for a contender's CPU per delivery, relative to its reference. */
export function targetOf(name: string, { subscribers, rooms }: Crowd): { readonly target?: Target } {
  if (rooms > 1) return {};
  const hasTarget = subscribers === 1_000 || subscribers === 5_000;
  if (name === 'notify' && hasTarget) return { target: { of: 'ratio', atMost: NCHAN_FACTOR_MAX } };
  if (name === 'stock tRPC' && hasTarget) return { target: { of: 'ratio', atLeast: STOCK_FACTOR_MIN } };
  return {};
}
