import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WriteTurn } from '../transport/write-turn.ts';
import { keepingTransport, madeUpHub, readWith } from '../testing/made-up-hub.ts';
import { type Frame, pingFrame, readyFrame } from '../wire/frame.ts';
import { startKeepAlive } from './keep-alive.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const bytes = (frame: Frame | undefined) => frame?.trpc.toString();

test('a ping moves the id of live streams only; once an hour `ready` is sent again', async () => {
  const hub = madeUpHub();
  const keepAlive = startKeepAlive(hub, new WriteTurn(() => true), 15_000);
  const [live, attaching, muted, waiting]: Frame[][] = [[], [], [], []];
  const { connection } = hub.register('alice', 'one', keepingTransport(live ?? []));
  hub.register('alice', 'two', keepingTransport(attaching ?? []));
  const over = hub.register('alice', 'three', keepingTransport(muted ?? [])).connection;
  keepAlive.waiting.add(keepingTransport(waiting ?? []));
  await connection.reader.loading;
  connection.goLive();
  over.goLive();
  await hub.pass(readWith(1, 'bob'));
  hub.roster.mute('three');
  connection.readyAgainAtMs = performance.now() + 20_000;
  connection.isResumed = true;

  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(muted).toHaveLength(1));
  expect(bytes(live?.at(-1))).toBe(bytes(pingFrame({ pos: 1, nonce: 1 })));
  for (const frames of [attaching, muted, waiting]) expect(bytes(frames?.at(-1))).toBe(bytes(pingFrame(undefined)));

  await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(live).toHaveLength(2));
  expect(bytes(live?.at(-1))).toBe(bytes(readyFrame({ pos: 1, nonce: 1 }, true, connection.streamId)));
  keepAlive.stop();
});
