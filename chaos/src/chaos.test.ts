import { expect, test } from 'vitest';
import type { FaultKind } from './faults/fault-plan.ts';
import { run, type RunOptions } from './run.ts';

const small: RunOptions = {
  seed: 20_261_254,
  durationMs: 10_000,
  faultGapMs: 700,
  size: { people: 8, chats: 6, hostile: 1, stock: 4, plain: 10, sdk: 2, store: 2, sleepers: 2 },
  instances: { servers: 2, notifies: 3, workers: 2 },
  hands: 6,
  pauseMs: 60,
  durable: false,
  hasOwnDisk: false,
  partitionRows: 150,
  say: () => {},
};

test('nothing is lost, repeated, misplaced or shown too late while everything is killed in turn', {
  timeout: 240_000,
}, async () => {
  const { findings, judged, faults, sends } = await run(small);
  expect(findings.total, `seed ${small.seed}\n${findings.toString()}`).toBe(0);
  expect(judged.owed).toBeGreaterThan(0);
  expect(judged.states).toBeGreaterThan(0);
  expect(sends.acknowledged).toBeGreaterThan(0);
  expect(faults.size).toBeGreaterThanOrEqual(8);
});

/** A run with a planted defect: one instance of each service, and only the faults that reveal the defect. */
function broken(defect: RunOptions['defect'], faultKinds: readonly FaultKind[]): RunOptions {
  const size = { people: 6, chats: 4, hostile: 0, stock: 2, plain: 6, sdk: 0, store: 0, sleepers: 0 };
  return {
    ...small,
    durationMs: 6_000,
    faultGapMs: 500,
    faultKinds,
    size,
    instances: { servers: 1, notifies: 1, workers: 0 },
    defect,
  };
}

test('a log that is read by id is found out', { timeout: 240_000 }, async () => {
  const { findings } = await run(broken('read by id', ['a commit comes late']));
  expect(findings.count('lost')).toBeGreaterThan(0);
});

test('events that are announced after the commit are found out', { timeout: 240_000 }, async () => {
  const { findings } = await run(broken('announce after commit', []));
  expect(findings.count('an acknowledged send is missing')).toBeGreaterThan(0);
});

test('reactions that leave their message’s version as it was are found out', { timeout: 240_000 }, async () => {
  const { findings } = await run({ ...broken('reactions raise no version', []), durationMs: 3_000 });
  expect(findings.count('a rule of the database is broken')).toBeGreaterThan(0);
});

test('a Guest who hears of strangers is found out', { timeout: 240_000 }, async () => {
  const planted = broken('Guests hear of strangers', []);
  // The more people there are, the more of them a Guest cannot see.
  const { findings } = await run({ ...planted, durationMs: 12_000, size: { ...planted.size, people: 8, plain: 8 } });
  expect(findings.count('phantom')).toBeGreaterThan(0);
});

test('threads that count replies which were deleted are found out', { timeout: 240_000 }, async () => {
  const { findings } = await run({ ...broken('deleted replies are counted', []), durationMs: 8_000 });
  expect(findings.count('a rule of the database is broken')).toBeGreaterThan(0);
  expect(findings.count('an unread count is wrong')).toBeGreaterThan(0);
});

test('a buffer that overflows in silence is found out', { timeout: 240_000 }, async () => {
  const { findings } = await run(
    broken('overflow drops silently', ['cut client connections', 'client connections go silent']),
  );
  expect(findings.count('lost')).toBeGreaterThan(0);
});

/** One hostile member among honest ones, under the default limits and without faults. */
const besideHarm = (defect?: RunOptions['defect']): RunOptions => ({
  ...small,
  durationMs: 6_000,
  faultKinds: [],
  size: { people: 6, chats: 4, hostile: 1, stock: 3, plain: 6, sdk: 1, store: 0, sleepers: 0 },
  instances: { servers: 1, notifies: 2, workers: 0 },
  settings: {
    FECHATTER_LIMITS_READS_PER_MINUTE: '1200',
    FECHATTER_LIMITS_WRITES_PER_MINUTE: '600',
    FECHATTER_LIMITS_PROFILE_CHANGES_PER_HOUR: '20',
    FECHATTER_NOTIFY_BUFFER_MAX_BYTES: '1048576',
  },
  ...(defect && { defect }),
});

test('whatever one member does, what honest people say comes to each of them once, in order and in time', {
  timeout: 240_000,
}, async () => {
  const { findings, harm, lateness, sends } = await run(besideHarm());
  expect(findings.total, `seed ${small.seed}\n${findings.toString()}`).toBe(0);
  expect(sends.acknowledged).toBeGreaterThan(0);
  expect(lateness?.deliveries).toBeGreaterThan(sends.acknowledged);
  expect([...harm].filter(([, done]) => done === 0)).toEqual([]);
});

test('a member who makes everybody wait is found out', { timeout: 240_000 }, async () => {
  // Long enough for two steps of the sequencer, each of which then takes five seconds.
  const { findings } = await run({ ...besideHarm('what ended costs everybody'), durationMs: 14_000 });
  expect(findings.count('an honest delivery was late')).toBeGreaterThan(0);
});
