import { Counter, type Registry } from 'prom-client';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Counts HTTP responses by method and status. Paths are only logged, because their number is unbounded. */
export class ResponseCounts {
  readonly #counts = new Map<string, { readonly method: string; readonly status: number; count: number }>();

  constructor(registry: Registry) {
    const counts = this.#counts;
    const responses = new Counter({
      name: 'fechatter_http_answers_total',
      help: 'HTTP responses, without streams.',
      labelNames: ['method', 'status'],
      registers: [],
      collect() {
        this.reset();
        for (const { method, status, count } of counts.values()) this.inc({ method, status }, count);
      },
    });
    registry.registerMetric(responses);
  }

  count(givenMethod: string, status: number): void {
    const method = METHODS.has(givenMethod) ? givenMethod : 'other';
    const key = `${method} ${status}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { method, status, count: 1 });
    else known.count++;
  }
}
