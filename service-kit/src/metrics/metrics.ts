import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ResponseCounts } from './response-counts.ts';
import { ProcedureMetrics } from './procedure-metrics.ts';

/** The value of a metric: a number, or one for each value of a label. Undefined if it is currently unknown. */
export type Reading = number | Readonly<Record<string, number>> | undefined;

/** A metric that is read at each scrape; the code that counts keeps a plain variable and does not depend on metrics. */
export interface Reader {
  /** By Prometheus' conventions: `fechatter_…`, units last, counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  /** If `read` returns a record: the label of its keys. Their number must be bounded. */
  readonly label?: string;
  readonly read: () => Reading | Promise<Reading>;
}

/** The metrics of a service, for Prometheus. */
export interface Metrics {
  readonly procedures: ProcedureMetrics;
  readonly responses: ResponseCounts;
  /** Adds a counter, which only grows. */
  counter(reader: Reader): void;
  /** Adds a gauge, which goes up and down. */
  gauge(reader: Reader): void;
  /** Adds the hits, misses and size of a cache. */
  cache(name: string, read: () => CacheCounts): void;
  histogram(options: { readonly name: string; readonly help: string; readonly buckets: readonly number[] }): Observer;
  /** All metrics in Prometheus' text format. Concurrent scrapes share one result. */
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

/**
 * The sampling interval of the event loop's delay, which the reported delay includes. At 20 ms it was half of an idle
 * service's CPU.
 */
const LOOP_RESOLUTION_MS = 100;

/** Makes a service's metrics. If they are not served (`isExposed` false), the process is not observed either. */
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
    responses: new ResponseCounts(registry),
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
          // A gauge without labels would be 0 when nothing is set; an unknown value is left out instead.
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
    help: 'Look-ups that the cache served.',
    label,
    read: ofCaches('hits'),
  });
  metrics.counter({
    name: 'fechatter_cache_misses_total',
    help: 'Look-ups that the cache could not serve.',
    label,
    read: ofCaches('misses'),
  });
  metrics.gauge({
    name: 'fechatter_cache_entries',
    help: 'Entries in the cache.',
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
