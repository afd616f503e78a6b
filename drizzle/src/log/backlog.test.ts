import { codeOf } from '@fechatter/contract';
import { expect, test } from 'vitest';
import { testDatabase } from '../testing/index.ts';
import { startTail } from './tail.ts';

const ROWS = 20_000;

test('the backlog of one transaction is numbered and delivered in order, a window at a time', async () => {
  await using database = await testDatabase();
  const positions: number[] = [];
  const windows: number[] = [];
  let onStarted = () => {};
  let onAll = () => {};
  const started = new Promise<void>((resolve) => (onStarted = resolve));
  const all = new Promise<void>((resolve) => (onAll = resolve));
  const tail = startTail({
    database,
    onStart: () => onStarted(),
    onRead: ({ entries }) => {
      if (entries.length > 0) windows.push(entries.length);
      for (const { pos } of entries) positions.push(pos);
      if (positions.length >= ROWS) onAll();
    },
    onError: () => {},
  });
  await started;
  await database.query(
    `insert into event_log (user_id, code) select gen_random_uuid(), ${codeOf('user.updated')} from generate_series(1, ${ROWS})`,
  );
  await all;
  expect(positions).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
  expect(Math.max(...windows)).toBeLessThanOrEqual(500);
  await tail.stop();
});
