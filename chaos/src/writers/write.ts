import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import type { Move } from './choices.ts';
import { moves } from './moves.ts';
import type { Scene } from './scene.ts';

const wholeDeck: readonly Move[] = moves.flatMap(([weight, move]) => Array.from({ length: weight }, () => move));

export interface WriteOptions {
  readonly writers: number;
  readonly pauseMs: number;
  /** What the writers do, each as often as the others; by default everything. */
  readonly deck?: readonly Move[];
}

/** Runs this many concurrent writers until the signal aborts; each finishes the action that it has begun. */
export async function write(
  scene: Scene,
  chance: Chance,
  { writers, pauseMs, deck = wholeDeck }: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const writer = async (own: Chance) => {
    while (!signal.aborted) {
      await own.pick(deck)(scene, own);
      await wait(own.below(2 * pauseMs + 1));
    }
  };
  await Promise.all(Array.from({ length: writers }, () => writer(chance.fork())));
}
