import { sizeOf, writeSlackTalk } from '@fechatter/importer/testing';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Benchmark, RunOptions } from '../benchmark.ts';
import { peakMemoryBytes } from '../frame/process-cost.ts';
import { benchDatabase } from '../system/bench-database.ts';
import { benchKeys } from '../system/bench-keys.ts';
import { benchProcess } from '../system/bench-process.ts';
import { benchService, productionBuild } from '../system/bench-service.ts';
import { makePeople, makeWorkspace } from '../system/people.ts';
import { announcedTo } from './announced-to.ts';

const MESSAGES = 500_000;
const QUICK_MESSAGES = 20_000;
const CHANNELS = 50;
const PEOPLE = 20;
const MEMORY_MAX_MB = 300;
const LOOK_EVERY_MS = 250;
const MIB = 1_048_576;

/** How fast the history of another system comes, and in how much memory. */
export const imports: Benchmark = {
  name: 'imports',
  title: 'the history of another system',
  needs: [],
  async run(options) {
    const { isQuick, messages = isQuick ? QUICK_MESSAGES : MESSAGES } = options;
    const { perSecond, peakBytes, size, announced } = await measured(options, messages);
    if (announced !== CHANNELS) throw new Error(`the follower saw ${announced} of ${CHANNELS} channels`);
    return {
      figures: [
        { name: 'import of an export in Slack’s form', unit: 'messages/s', runs: [perSecond] },
        {
          name: 'peak memory of the command',
          unit: 'MB',
          runs: [peakBytes / MIB],
          target: { of: 'median', atMost: MEMORY_MAX_MB },
        },
      ],
      plots: [],
      notes: [
        `${size.messages.toLocaleString('en-US')} made-up messages, ${size.replies.toLocaleString('en-US')} of them replies in threads, with ${size.reactions.toLocaleString('en-US')} reactions, in ${CHANNELS} channels of ${PEOPLE} people. The time is that of the whole command, from its start until everything is visible; Postgres has fsync.`,
        'The command runs as production runs it, with the role of imports. A server, a notify and a worker run beside it; a follower is attached throughout, and has been told of each channel once, without a reset.',
      ],
    };
  },
};

async function measured({ folder, print }: RunOptions, messages: number) {
  const keys = benchKeys();
  await using database = await benchDatabase({ folder, isDurable: true });
  await keys.publish(database.pool);
  const people = await makePeople(database.pool, PEOPLE);
  await database.pool.query('update users set email_verified_at = now(), holds_email = true');
  const workspaceId = await makeWorkspace(database.pool, people);
  const talk = { channels: CHANNELS, messages: Math.ceil(messages / CHANNELS) };
  const path = join(folder, 'slack');
  await writeSlackTalk(path, {
    ...talk,
    people: people.map(({ userId }, n) => ({ name: `person ${n}`, email: `${userId}@example.com` })),
  });
  const [follower] = people;
  if (follower === undefined) throw new Error('there is nobody to follow');
  const service = { database, keys, folder };
  await using _server = await benchService({ ...service, kind: 'server' });
  await using notify = await benchService({ ...service, kind: 'notify' });
  await using _worker = await benchService({ ...service, kind: 'worker' });
  await using announced = await announcedTo(notify.url, keys.tokenFor(follower));

  const startedAtMs = performance.now();
  const args = ['import', 'slack', path, '--workspace', workspaceId];
  await using command = benchProcess({
    entry: {
      program: process.execPath,
      args: [join(await productionBuild(folder), 'bin', 'fechatter.js'), ...args],
    },
    logFile: join(folder, 'import.log'),
    env: { ...keys.env, NODE_ENV: 'production', FECHATTER_DATABASE_URL: database.urlFor('importer') },
  });
  let peakBytes = 0;
  const { child } = command;
  while (child.exitCode === null && child.signalCode === null) {
    try {
      peakBytes = peakMemoryBytes(command.pid);
    } catch {
      // It has ended meanwhile.
    }
    await wait(LOOK_EVERY_MS);
  }
  const seconds = (performance.now() - startedAtMs) / 1_000;
  if (child.exitCode !== 0)
    throw new Error(`the import ended with ${child.exitCode ?? child.signalCode}; see import.log`);
  const size = sizeOf(talk);
  print(`  ${size.messages.toLocaleString('en-US')} messages in ${seconds.toFixed(1)} s`);
  return { perSecond: size.messages / seconds, peakBytes, size, announced: await announced.count(CHANNELS) };
}
