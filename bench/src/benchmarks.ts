import type { Benchmark } from './benchmark.ts';
import { fanout } from './fanout/fanout.ts';
import { growth } from './growth/growth.ts';
import { harm } from './harm/harm.ts';
import { latency } from './latency/latency.ts';
import { peer } from './peer/peer.ts';
import { read } from './read/read.ts';
import { realday } from './realday/realday.ts';
import { search } from './search/search.ts';
import { send } from './send/send.ts';
import { storm } from './storm/storm.ts';

/** Every benchmark, in the order in which they run and stand in the report. */
export const benchmarks: readonly Benchmark[] = [
  fanout,
  send,
  latency,
  read,
  search,
  growth,
  storm,
  peer,
  realday,
  harm,
];
