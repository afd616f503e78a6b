import type { Benchmark } from './benchmark.ts';
import { fanout } from './fanout/fanout.ts';
import { files } from './files/files.ts';
import { growth } from './growth/growth.ts';
import { harm } from './harm/harm.ts';
import { imports } from './imports/imports.ts';
import { latency } from './latency/latency.ts';
import { peer } from './peer/peer.ts';
import { polls } from './polls/polls.ts';
import { push } from './push/push.ts';
import { read } from './read/read.ts';
import { realday } from './realday/realday.ts';
import { search } from './search/search.ts';
import { send } from './send/send.ts';
import { storm } from './storm/storm.ts';

/** Every benchmark, in the order in which they run and are listed in the report. */
export const benchmarks: readonly Benchmark[] = [
  fanout,
  send,
  latency,
  read,
  polls,
  search,
  growth,
  storm,
  peer,
  realday,
  harm,
  files,
  imports,
  push,
];
