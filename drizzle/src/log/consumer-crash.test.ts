import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { bundledProgram } from '@fechatter/testing/bundled-program';
import { afterAll, expect, test } from 'vitest';
import { toyConsumer } from '../testing/toy-consumer.ts';
import { type ToyWorld, toyWorld } from '../testing/toy-world.ts';
import { stepConsumer } from './consumer.ts';

const STATEMENTS_MAX = 50;
const program = await bundledProgram(fileURLToPath(new URL('../testing/consumer-process.ts', import.meta.url)));
afterAll(() => program[Symbol.asyncDispose]());

/** Runs the toy consumer in a separate process; returns whether it reached the end of the log before it was killed. */
async function consume({ database }: ToyWorld, killAt = 0, when: 'before' | 'sent' = 'before'): Promise<boolean> {
  const args = [program.path, database.url, String(killAt), when];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the consumer's process ended with ${code ?? signal}`);
  return code === 0;
}

/** The same in this process. */
async function consumeHere({ db }: ToyWorld): Promise<void> {
  for (let did = ''; did !== 'nothing'; ) ({ did } = await stepConsumer(db, toyConsumer));
}

/** The situations in which a consumer is killed: waiting events, or a replaced history. */
const logged = (world: ToyWorld) => world.log(2);
const restored = (world: ToyWorld) => world.restore().then(() => logged(world));

// A statement without a response is rolled back, except the commit, which is among the last.
test.each([
  ['before', 1, 'taking a batch', logged],
  ['sent', 6, 'taking a batch', logged],
  ['before', 1, 'starting again after a restore', restored],
] as const)(
  'a consumer killed at its statements (%s, from %i on) while %s handles each event once',
  { timeout: 240_000 },
  async (when, from, _, prepare) => {
    await using world = await toyWorld();
    await consumeHere(world);
    let killAt: number = from;
    for (let isDone = false; !isDone; killAt++) {
      await prepare(world);
      isDone = await consume(world, killAt, when);
      // The next run continues where it stopped.
      await consumeHere(world);
      expect(await world.wrong()).toEqual([]);
    }
    // With fewer, nothing would have been killed.
    expect(killAt).toBeGreaterThan(8);
    expect(killAt).toBeLessThan(STATEMENTS_MAX);
  },
);

test('two processes at once handle each event once', async () => {
  await using world = await toyWorld();
  await consume(world);
  await world.log(100);
  expect(await Promise.all([consume(world), consume(world)])).toEqual([true, true]);
  expect(await world.wrong()).toEqual([]);
});
