import { expect, test } from 'vitest';
import { run } from '../run.ts';

test('restarting every service in turn under load loses nothing, and one retry is enough for each caller', {
  timeout: 240_000,
}, async () => {
  const { findings, checked, faults, tally, sends, starts } = await run({
    seed: 20_261_123,
    durationMs: 2_000,
    faultGapMs: 900,
    faultKinds: ['every service is restarted in turn'],
    size: { people: 6, chats: 4, hostile: 0, stock: 2, plain: 4, sdk: 1, store: 1, sleepers: 0 },
    instances: { servers: 2, notifies: 2, workers: 2 },
    writers: 6,
    pauseMs: 30,
    durable: false,
    hasOwnDisk: false,
    checksPresence: false,
    partitionRows: 10_000,
    print: () => {},
  });
  expect(findings.total, findings.toString()).toBe(0);
  expect(faults.get('every service is restarted in turn')).toBeGreaterThan(0);
  expect(starts).toBeGreaterThanOrEqual(12);
  expect(checked.owed).toBeGreaterThan(0);
  expect(sends.acknowledged).toBeGreaterThan(0);
  expect(tally.unknown).toBe(0);
  expect(tally.repeatsMax).toBeLessThanOrEqual(1);
});
