import type { TRPCError } from '@trpc/server';
import { Counter, Histogram, type Registry } from 'prom-client';
import { type IsUnavailable, problemOf } from '../errors/problem.ts';

const BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Counts calls of procedures over either wire: how many ended with which code, how long they took, and the reasons of
 * refusals. The labels are bounded: names come from the router, codes and reasons from the contract.
 */
export class ProcedureMetrics {
  readonly #calls = new Map<string, Map<string, number>>();
  readonly #refusals = new Map<string, number>();
  readonly #durations: Histogram;

  constructor(registry: Registry) {
    const calls = this.#calls;
    const refusals = this.#refusals;
    const reportedCalls = new Counter({
      name: 'fechatter_procedure_calls_total',
      help: 'Calls of procedures over tRPC and REST, by result: OK or a code of the contract.',
      labelNames: ['procedure', 'code'],
      registers: [],
      collect() {
        this.reset();
        for (const [procedure, codes] of calls) for (const [code, count] of codes) this.inc({ procedure, code }, count);
      },
    });
    const reportedRefusals = new Counter({
      name: 'fechatter_refusals_total',
      help: 'Calls that did not end with OK, by reason; internal is a bug.',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset();
        for (const [reason, count] of refusals) this.inc({ reason }, count);
      },
    });
    registry.registerMetric(reportedCalls);
    registry.registerMetric(reportedRefusals);
    this.#durations = new Histogram({
      name: 'fechatter_procedure_duration_seconds',
      help: 'Duration of calls of procedures; for a subscription, until before its stream starts.',
      labelNames: ['procedure'],
      buckets: BUCKETS_SECONDS,
      registers: [registry],
    });
  }

  /** Records one call, with `error` if it failed. Returns the code that it ended with. */
  ended(procedure: string, durationMs: number, error?: TRPCError, isUnavailable?: IsUnavailable): string {
    this.#durations.observe({ procedure }, durationMs / 1_000);
    const problem = error && problemOf(error, isUnavailable);
    const code = problem?.code ?? 'OK';
    const codes = this.#calls.get(procedure) ?? new Map<string, number>();
    this.#calls.set(procedure, codes);
    raise(codes, code);
    if (problem !== undefined) raise(this.#refusals, problem.reason);
    return code;
  }
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
