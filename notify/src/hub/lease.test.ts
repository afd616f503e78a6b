import { expect, test } from 'vitest';
import { WriteTurn } from '../transport/write-turn.ts';
import { keepingTransport, madeUpHub, posOf, readWith } from '../testing/made-up-hub.ts';
import type { Frame } from '../wire/frame.ts';
import { StaleLease } from './hub.ts';

test('without the lease content waits for the next read, and is then written once', async () => {
  let isFresh = true;
  const hub = madeUpHub({ isFresh: () => isFresh });
  const frames: Frame[] = [];
  const { connection } = hub.register('alice', 'session', keepingTransport(frames));
  await connection.reader.loading;
  connection.goLive();
  await hub.pass(readWith(1, 'alice'));
  isFresh = false;
  await expect(hub.pass(readWith(2, 'alice'))).rejects.toThrow(StaleLease);
  expect(hub.position?.pos).toBe(1);
  isFresh = true;
  await hub.pass(readWith(2, 'alice'));
  await hub.pass(readWith(2, 'alice'));
  expect(frames.map(posOf)).toEqual([1, 2]);
});

test('what was judged under the lease and would leave after it is not written: its stream is cut', () => {
  let isFresh = true;
  const turn = new WriteTurn(() => isFresh);
  const done: string[] = [];
  const transport = { flush: () => void done.push('flushed'), cut: () => void done.push('cut') };
  turn.add(transport);
  turn.flush();
  turn.add(transport);
  isFresh = false;
  turn.flush();
  turn.flush();
  expect(done).toEqual(['flushed', 'cut']);
});

test('a revocation of a kind that only a newer build knows stops everything', async () => {
  let unknown: number | undefined;
  const hub = madeUpHub({ onUnknown: (code) => (unknown = code) });
  const { entries, ...read } = readWith(1, 'alice', 39);
  await hub.pass({ ...read, revocations: entries, entries: [] });
  expect([unknown, hub.position, hub.isFresh]).toEqual([39, undefined, false]);
});
