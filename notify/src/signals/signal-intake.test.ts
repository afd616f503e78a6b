import type { ChatSignal } from '@fechatter/contract';
import { payloadsOf } from '@fechatter/drizzle';
import { until } from '@fechatter/testing/until';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { SignalIntake } from './signal-intake.ts';

const seen = (lastReadNumber: number): ChatSignal => ({
  kind: 'seen',
  chatId: randomUUID(),
  userId: randomUUID(),
  lastReadNumber,
});
const payloadOf = (numbers: readonly number[]) => payloadsOf(numbers.map(seen))[0] ?? '';
const burn = (ms: number) => {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
};

test('signals take at most a fifth of the time, and other work runs in between', async () => {
  const taken: number[] = [];
  let turns = 0;
  let flushes = 0;
  const startedAtMs = performance.now();
  const intake: SignalIntake = new SignalIntake({
    deliver: (signal) => {
      // By construction, at any speed of the machine: earlier turns took a fifth of the elapsed time.
      expect(intake.counts.workedMs).toBeLessThanOrEqual(0.2 * (performance.now() - startedAtMs) + 1);
      burn(0.5);
      if (signal.kind === 'seen') taken.push(signal.lastReadNumber);
      return 2;
    },
    onHint: () => {},
    flush: () => flushes++,
  });
  const countTurns = setInterval(() => turns++, 0);
  const numbers = Array.from({ length: 120 }, (_, index) => index);
  for (let at = 0; at < numbers.length; at += 40) intake.take(payloadOf(numbers.slice(at, at + 40)));
  await until(() => taken.length === numbers.length, 'everything is delivered');
  clearInterval(countTurns);
  expect(taken).toEqual(numbers);
  expect(intake.counts).toMatchObject({ taken: 120, deliveries: 240, droppedPayloads: 0 });
  expect(flushes).toBeGreaterThan(5);
  expect(turns).toBeGreaterThan(5);
});

test('signals beyond that time are dropped, the oldest first, and counted', async () => {
  const taken: number[] = [];
  const intake = new SignalIntake({
    deliver: (signal) => {
      if (signal.kind === 'seen') taken.push(signal.lastReadNumber);
      return 1;
    },
    onHint: () => {},
    flush: () => {},
  });
  for (let number = 0; number < 1_000; number++) intake.take(payloadOf([number]));
  await until(() => taken.at(-1) === 999, 'the newest');
  const { taken: count, droppedPayloads } = intake.counts;
  expect(count + droppedPayloads).toBe(1_000);
  expect(count).toBeLessThanOrEqual(66);
  expect(taken).toEqual(taken.toSorted((a, b) => a - b));
});
