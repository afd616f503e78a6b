import { setTimeout as wait } from 'node:timers/promises';
import { type FaultKind, planFaults } from './fault-plan.ts';
import { commit, type Stage } from './faults.ts';

export interface BreakOptions {
  readonly seed: number;
  readonly durationMs: number;
  /** The average time between faults. */
  readonly faultGapMs: number;
  readonly print: (line: string) => void;
}

/** Runs the faults of the plan, each at its time; faults of Postgres itself run one after the other. */
export async function breakThings(
  stage: Stage,
  kinds: readonly FaultKind[],
  { seed, durationMs, faultGapMs, print }: BreakOptions,
): Promise<ReadonlyMap<FaultKind, number>> {
  const counts = new Map<FaultKind, number>();
  const beganAtMs = performance.now();
  const under: Promise<void>[] = [];
  let postgres = Promise.resolve();
  for (const fault of planFaults(seed, durationMs, faultGapMs, kinds)) {
    await wait(Math.max(0, beganAtMs + fault.atMs - performance.now()));
    print(`${Math.round((performance.now() - beganAtMs) / 1_000)} s: ${fault.kind}`);
    const act = async () => {
      const obstacle = await commit(stage, fault);
      if (obstacle === undefined) counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      else print(`(nothing came of: ${fault.kind}: ${obstacle})`);
    };
    if (fault.kind.includes('Postgres')) under.push((postgres = postgres.then(act)));
    else under.push(act());
  }
  await wait(Math.max(0, beganAtMs + durationMs - performance.now()));
  await Promise.all(under);
  return counts;
}
