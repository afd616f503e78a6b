import type { Metrics } from './metrics.ts';

/** What the stores of files have done, by operation. */
export interface StoreReadings {
  readonly operations: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Adds the metrics of the stores of files. */
export function registerFileStoreMetrics(metrics: Pick<Metrics, 'counter'>, counts: StoreReadings): void {
  const label = 'operation';
  metrics.counter({
    name: 'fechatter_file_store_operations_total',
    help: 'What was done with objects in the stores of files.',
    label,
    read: () => counts.operations,
  });
  metrics.counter({
    name: 'fechatter_file_store_failures_total',
    help: 'Operations that failed at a store, after all attempts.',
    label,
    read: () => counts.failures,
  });
  metrics.counter({
    name: 'fechatter_file_store_seconds_total',
    help: 'How long operations took; that of a put contains the time that its sender took.',
    label,
    read: () => counts.seconds,
  });
}
