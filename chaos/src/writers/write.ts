import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '@fechatter/testing/chance';
import type { Move } from './choices.ts';
import { moves } from './moves.ts';
import type { Scene } from './scene.ts';

const deck: readonly Move[] = moves.flatMap(([weight, move]) => Array.from({ length: weight }, () => move));

/** Runs this many concurrent writers until the signal aborts; each finishes the action that it has begun. */
export async function write(
  scene: Scene,
  chance: Chance,
  { hands, pauseMs }: { readonly hands: number; readonly pauseMs: number },
  signal: AbortSignal,
): Promise<void> {
  const hand = async (own: Chance) => {
    while (!signal.aborted) {
      await own.pick(deck)(scene, own);
      await wait(own.below(2 * pauseMs + 1));
    }
  };
  await Promise.all(Array.from({ length: hands }, () => hand(chance.fork())));
}
