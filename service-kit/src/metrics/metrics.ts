import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AnswerCounts } from './answer-counts.ts';
import { ProcedureMetrics } from './procedure-metrics.ts';

/** What is counted elsewhere: a number, or one for each value of a label. Undefined where it cannot be known now. */
export type Reading = number | Readonly<Record<string, number>> | undefined;

/** One number that is read when somebody scrapes: what counts it is a plain variable and knows nothing of metrics. */
export interface Reader {
  /** As Prometheus names things: `fechatter_…`, units last, counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  /** Where `read` answers a record: what its keys are. Their number must be bounded. */
  readonly label?: string;
  readonly read: () => Reading | Promise<Reading>;
}

/** What a service tells Prometheus. */
export interface Metrics {
  readonly procedures: ProcedureMetrics;
  readonly answers: AnswerCounts;
  /** What only grows. */
  counter(reader: Reader): void;
  /** What goes up and down. */
  gauge(reader: Reader): void;
  /** How often something was found where it was remembered. */
  cache(name: string, read: () => CacheCounts): void;
  histogram(options: { readonly name: string; readonly help: string; readonly buckets: readonly number[] }): Observer;
  /** Everything, in Prometheus' text format. Scrapes at the same time share one answer. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
}

export interface Observer {
  observe(value: number): void;
}

/** The sampling timer of the event loop's delay: what is reported has it in it. At 20 ms it was half of what an idle service costs. */
const LOOP_RESOLUTION_MS = 100;

/** Makes a service's metrics. Where nobody can read them (`isExposed` false) the process is not observed either. */
export function createMetrics({
  service,
  isExposed,
}: {
  readonly service: string;
  readonly isExposed: boolean;
}): Metrics {
  const registry = new Registry();
  if (isExposed) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_RESOLUTION_MS });
  const caches = new Map<string, () => CacheCounts>();
  const ofCaches = (what: keyof CacheCounts) => () =>
    Object.fromEntries([...caches].map(([name, read]) => [name, read()[what]]));

  const metrics: Metrics = {
    procedures: new ProcedureMetrics(registry),
    answers: new AnswerCounts(registry),
    counter(reader) {
      const { name, help, labelNames } = described(reader);
      const metric = new Counter({
        name,
        help,
        labelNames,
        registers: [],
        async collect() {
          const reading = await reader.read();
          this.reset();
          for (const [labels, value] of valuesOf(reader, reading)) this.inc(labels, value);
        },
      });
      registry.registerMetric(metric);
    },
    gauge(reader) {
      const { name, help, labelNames } = described(reader);
      const metric = new Gauge({
        name,
        help,
        labelNames,
        registers: [],
        async collect() {
          const reading = await reader.read();
          this.reset();
          // A gauge without labels is 0 where nothing is set: what is not known is better not there at all.
          if (reading === undefined) this.remove();
          for (const [labels, value] of valuesOf(reader, reading)) this.set(labels, value);
        },
      });
      registry.registerMetric(metric);
    },
    cache: (name, read) => void caches.set(name, read),
    histogram: ({ name, help, buckets }) => new Histogram({ name, help, buckets: [...buckets], registers: [registry] }),
    text: sharedWhileOpen(() => registry.metrics()),
    contentType: registry.contentType,
  };
  metrics.gauge({
    name: 'fechatter_service',
    help: '1, under the name of the service.',
    label: 'service',
    read: () => ({ [service]: 1 }),
  });
  const label = 'cache';
  metrics.counter({
    name: 'fechatter_cache_hits_total',
    help: 'Found where it was remembered.',
    label,
    read: ofCaches('hits'),
  });
  metrics.counter({
    name: 'fechatter_cache_misses_total',
    help: 'Asked of a cache that did not have it.',
    label,
    read: ofCaches('misses'),
  });
  metrics.gauge({
    name: 'fechatter_cache_entries',
    help: 'What a cache remembers now.',
    label,
    read: ofCaches('entries'),
  });
  return metrics;
}

const described = ({ name, help, label }: Reader) => ({ name, help, labelNames: label === undefined ? [] : [label] });

function valuesOf({ label = '' }: Reader, reading: Reading): readonly (readonly [Record<string, string>, number])[] {
  if (reading === undefined) return [];
  if (typeof reading === 'number') return [[{}, reading]];
  return Object.entries(reading).map(([key, value]) => [{ [label]: key }, value]);
}

function sharedWhileOpen<T>(work: () => Promise<T>): () => Promise<T> {
  let open: Promise<T> | undefined;
  return () =>
    (open ??= work().finally(() => {
      open = undefined;
    }));
}
