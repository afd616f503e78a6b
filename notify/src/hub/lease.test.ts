import { expect, test } from 'vitest';
import { WriteTurn } from '../transport/write-turn.ts';
import { keepingTransport, madeUpHub, posOf, readWith } from '../testing/made-up-hub.ts';
import type { Frame } from '../wire/frame.ts';
import { StaleLease } from './hub.ts';

test('without the lease content waits for the next read, and is written once', async () => {
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

test('a stream of a key whose scopes were read too long ago is cut before content', async () => {
  const hub = madeUpHub({});
  const frames: Frame[] = [];
  const { connection } = hub.register('bot', 'session', keepingTransport(frames));
  await connection.reader.loading;
  expect(connection.session.isAllowed(['read'], performance.now())).toBe(true);
  connection.goLive();
  await hub.pass(readWith(1, 'bot'));
  connection.session.isAllowed(['read'], performance.now() - 2_001);
  await hub.pass(readWith(2, 'bot'));
  expect([frames.map(posOf), connection.phase]).toEqual([[1], 'gone']);
});

test('a frame that was permitted under the lease but would be sent after it is not written: its stream is cut', () => {
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

test('a process that is frozen between the writes to two connections cuts the second', () => {
  let isFresh = true;
  const turn = new WriteTurn(() => isFresh);
  const done: string[] = [];
  for (const name of ['first', 'second'])
    turn.add({
      flush: () => {
        done.push(`${name} flushed`);
        isFresh = false;
      },
      cut: () => void done.push(`${name} cut`),
    });
  turn.flush();
  expect(done).toEqual(['first flushed', 'second cut']);
});

test('a revocation of a kind that only a newer build knows stops everything', async () => {
  let unknown: number | undefined;
  const hub = madeUpHub({ onUnknown: (code) => (unknown = code) });
  const { entries, ...read } = readWith(1, 'alice', 39);
  await hub.pass({ ...read, revocations: entries, entries: [] });
  expect([unknown, hub.position, hub.isFresh]).toEqual([39, undefined, false]);
});
