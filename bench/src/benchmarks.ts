import type { Benchmark } from './benchmark.ts';
import { fanout } from './fanout/fanout.ts';
import { latency } from './latency/latency.ts';
import { storm } from './storm/storm.ts';

/** Every benchmark, in the order in which they run and stand in the report. */
export const benchmarks: readonly Benchmark[] = [fanout, latency, storm];
