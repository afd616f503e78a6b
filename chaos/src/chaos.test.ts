import { expect, test } from 'vitest';
import type { FaultKind } from './faults/fault-plan.ts';
import { run, type RunOptions } from './run.ts';
import { sendFile } from './writers/file-moves.ts';
import { sendOne } from './writers/moves.ts';
import { inCast, mutations } from './writers/mutations.ts';

const small: RunOptions = {
  seed: 20_261_254,
  durationMs: 10_000,
  faultGapMs: 700,
  size: { people: 8, chats: 6, hostile: 1, stock: 4, plain: 10, sdk: 2, store: 2, sleepers: 2 },
  instances: { servers: 2, notifies: 3, workers: 2 },
  writers: 6,
  pauseMs: 60,
  durable: false,
  hasOwnDisk: false,
  checksPresence: false,
  partitionRows: 150,
  print: () => {},
};

test('no event is lost, repeated, misplaced or shown too late while each process is killed in turn', {
  timeout: 240_000,
}, async () => {
  const { findings, checked, faults, sends, tally } = await run(small);
  expect(findings.total, `seed ${small.seed}\n${findings.toString()}`).toBe(0);
  expect(checked.owed).toBeGreaterThan(0);
  expect(checked.states).toBeGreaterThan(0);
  expect(sends.acknowledged).toBeGreaterThan(0);
  expect(faults.size).toBeGreaterThanOrEqual(8);
  const called = [...tally.doneOf.keys()].filter((path) => mutations.includes(path));
  expect(called.filter((path) => !inCast.has(path))).toEqual([]);
});

/** A run with planted defects: one instance of each service, and only the faults that reveal the defect. */
function broken(defects: RunOptions['defects'] & {}, faultKinds: readonly FaultKind[]): RunOptions {
  const size = { people: 6, chats: 4, hostile: 0, stock: 2, plain: 6, sdk: 0, store: 0, sleepers: 0 };
  return {
    ...small,
    durationMs: 6_000,
    faultGapMs: 500,
    faultKinds,
    size,
    instances: { servers: 1, notifies: 1, workers: 0 },
    defects,
  };
}

test('the checker finds a log that is read by id', { timeout: 240_000 }, async () => {
  const { findings } = await run(broken(['read by id'], ['a commit comes late']));
  expect(findings.count('lost')).toBeGreaterThan(0);
});

// Defects whose findings have nothing to do with each other are planted together: without one of them, its finding is
// not there.
test('the checker finds a Guest who receives events about people outside their chats, and wrong versions of reactions, counts of threads and tokens of signals', {
  timeout: 240_000,
}, async () => {
  const planted = broken(
    [
      'Guests receive strangers',
      'reactions raise no version',
      'reactions carry no version',
      'deleted replies are counted',
      'signals move tokens',
    ],
    [],
  );
  // The more people there are, the more of them a Guest cannot see.
  const { findings } = await run({ ...planted, durationMs: 14_000, size: { ...planted.size, people: 8, plain: 8 } });
  const found = findings.toString();
  expect(findings.count('phantom')).toBeGreaterThan(0);
  expect(found).toContain('what they may not see');
  expect(found).toContain('a message’s version is the seq of its last change');
  expect(found).toMatch(/message\.reacted at .* has the version 0/);
  expect(found).toContain('a thread’s replies are 1, 2, 3');
  expect(findings.count('an unread count is wrong')).toBeGreaterThan(0);
  expect(found).toMatch(/out of order: .* after a signal with the token of/);
});

test('the checker finds events that are appended after the commit, quotes of deleted messages and files that cannot be opened', {
  timeout: 240_000,
}, async () => {
  const planted = broken(['announce after commit', 'deleted messages keep their text', 'files lose their keys'], []);
  const { findings } = await run({ ...planted, deck: [sendFile, sendOne] });
  expect(findings.count('an acknowledged send is missing')).toBeGreaterThan(0);
  expect(findings.count('a quote is wrong')).toBeGreaterThan(0);
  expect(findings.count('a file is wrong or in wrong hands')).toBeGreaterThan(0);
});

test('the checker finds a buffer that overflows without a cut or a reset', { timeout: 240_000 }, async () => {
  const { findings } = await run(
    broken(['overflow drops silently'], ['cut client connections', 'client connections go silent']),
  );
  expect(findings.count('lost')).toBeGreaterThan(0);
});

/** One hostile member among honest ones, under the default limits and without faults. */
const besideHarm = (defects: RunOptions['defects'] & {} = []): RunOptions => ({
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
  defects,
});

test('with one hostile member, the messages of the others arrive once, in order and in time', {
  timeout: 240_000,
}, async () => {
  // Long enough for each attack on a busy machine.
  const { findings, harm, lateness, sends } = await run({ ...besideHarm(), durationMs: 12_000 });
  expect(findings.total, `seed ${small.seed}\n${findings.toString()}`).toBe(0);
  expect(sends.acknowledged).toBeGreaterThan(0);
  expect(lateness?.deliveries).toBeGreaterThan(sends.acknowledged);
  expect([...harm].filter(([, done]) => done === 0)).toEqual([]);
});

test('the checker finds a member who delays all others', { timeout: 240_000 }, async () => {
  // Long enough for two steps of the sequencer, each of which then takes five seconds.
  const { findings } = await run({ ...besideHarm(['ended periods slow down all']), durationMs: 14_000 });
  expect(findings.count('an honest delivery was late')).toBeGreaterThan(0);
});
