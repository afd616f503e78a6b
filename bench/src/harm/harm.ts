import type { Benchmark } from '../benchmark.ts';
import { interleaved } from '../frame/interleaved.ts';
import { percentile } from '../frame/statistics.ts';
import { paced } from '../latency/paced.ts';
import { openStage, type Stage, type StageSystem } from '../latency/stage.ts';
import type { BenchPerson } from '../system/people.ts';
import { attachMs, planted } from './planted.ts';
import { floodProfile, manyWorkspaces } from './profile-flood.ts';
import { largeChat, peakAboveIdle, slowBodies, unreadResponses } from './memory-attacks.ts';

const PLANTED = 100_000;
const SENDS_PER_SECOND = 100;
const MEGABYTE = 1_048_576;
const UNREAD_MAX_MB = 200;
const SLOW_MAX_MB = 80;

const quiet = 'a bystander’s delivery, p99, when nobody does harm';
const attaching = 'the same while somebody in one chat attaches again and again';
const plain = 'attaching: somebody in one chat';

/** How much one member can disturb others. */
export const harm: Benchmark = {
  name: 'harm',
  title: 'what one member can do to others',
  needs: [],
  async run({ isQuick, folder, nodeArgs, print }) {
    await using stage = await openStage(folder, nodeArgs);
    const { system } = stage;
    const forMs = isQuick ? 1_500 : 10_000;
    const rounds = isQuick ? 1 : 5;
    const [attacker, bystander] = [await planted(system, 0), await planted(system, 0)];
    const [mallory, victim] = [await planted(system, PLANTED), await planted(system, PLANTED)];
    print(`  ${PLANTED.toLocaleString('en-US')} memberships are planted`);
    await deliveriesMs(stage, forMs);
    const runs = await interleaved(rounds, {
      quiet: () => deliveriesMs(stage, forMs),
      attaching: () => beside(stage, forMs, againAndAgain(system, attacker)),
      attachingPlanted: () => beside(stage, forMs, againAndAgain(system, mallory)),
      flooding: async () => {
        const person = await manyWorkspaces(system);
        return beside(stage, forMs, () => floodProfile(system, person));
      },
      plain: async () => [await attachMs(system, bystander)],
      planted: async () => [await attachMs(system, victim)],
    });
    const chat = await largeChat(system);
    const unread = await peakAboveIdle(system, () => unreadResponses(system, chat));
    const slow = await peakAboveIdle(system, () => slowBodies(system));
    return {
      figures: [
        { name: quiet, unit: 'ms', runs: each(runs.quiet, 0.99) },
        { name: attaching, unit: 'ms', runs: each(runs.attaching, 0.99), reference: quiet },
        {
          name: `the same, who has ${PLANTED.toLocaleString('en-US')} planted memberships`,
          unit: 'ms',
          runs: each(runs.attachingPlanted, 0.99),
          reference: attaching,
          target: { of: 'ratio', atMost: 2 },
        },
        {
          name: 'the same while somebody in 200 workspaces changes their name 20 times at once',
          unit: 'ms',
          runs: each(runs.flooding, 0.99),
          reference: quiet,
        },
        { name: plain, unit: 'ms', runs: each(runs.plain, 0.5) },
        {
          name: `attaching: the one with ${PLANTED.toLocaleString('en-US')} planted memberships`,
          unit: 'ms',
          runs: each(runs.planted, 0.5),
          reference: plain,
        },
        {
          name: 'memory of a server above idle: six batches of unread responses',
          unit: 'MB',
          runs: [unread / MEGABYTE],
          target: { of: 'median', atMost: UNREAD_MAX_MB },
          missed:
            'Between them the batches make 120 pages of 2.4 MB, 24 at a time. What may wait to be read is bounded (32 MiB an ' +
            'address); the rest is what was let go of and waits for the collector, which comes late on a busy machine.',
        },
        {
          name: 'memory of a server above idle: 300 anonymous bodies of 4 KB, and 300 of 1 MiB, that come slowly',
          unit: 'MB',
          runs: [slow / MEGABYTE],
          target: { of: 'median', atMost: SLOW_MAX_MB },
        },
      ],
      plots: [],
      notes: [
        `Bystanders: ${SENDS_PER_SECOND} sends a second over HTTP into 50 chats with a stream each, counted from when each was due until its event is in hands.`,
        'Attaching is measured with a stream that is its person’s first for a while, so that what is known of them is read anew. Who attaches again and again has one connection, and takes all that it gets.',
        'Memory is what a server has resident, looked at every 20 ms; the responses are pages of messages of 24 KB, 20 pages a batch.',
      ],
    };
  },
};

/** A percentile of each round. */
const each = (all: readonly (readonly number[])[], part: number): readonly number[] =>
  all.map((round) => percentile(round, part));

/** The delivery time of each message, sent at a steady rate. */
async function deliveriesMs(stage: Stage, forMs: number): Promise<readonly number[]> {
  const took: number[] = [];
  await paced(SENDS_PER_SECOND, forMs, async (dueAtNs) => void took.push(Number((await stage.send()) - dueAtNs) / 1e6));
  return took;
}

/** Opens streams again and again until it is stopped. */
const againAndAgain = (system: StageSystem, person: BenchPerson) => async (isOver: () => boolean) => {
  while (!isOver()) await attachMs(system, person);
};

/** The same, while `work` runs. */
async function beside(
  stage: Stage,
  forMs: number,
  attack: (isOver: () => boolean) => Promise<unknown>,
): Promise<readonly number[]> {
  let isOver = false;
  const attacking = attack(() => isOver);
  const took = await deliveriesMs(stage, forMs);
  isOver = true;
  await attacking;
  return took;
}
