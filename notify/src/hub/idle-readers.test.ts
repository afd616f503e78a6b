import { codeOf } from '@fechatter/contract';
import type { LogEntry } from '@fechatter/drizzle';
import { afterEach, expect, test, vi } from 'vitest';
import { keepingTransport, madeUpHub, membershipsOf, posOf } from '../testing/made-up-hub.ts';
import type { Frame } from '../wire/frame.ts';

afterEach(() => {
  vi.useRealTimers();
});

const inWorkspace = { scope: 'workspace', id: 'w', workspaceId: 'w', joinedSeq: 1, leftSeq: null } as const;

function stage(known = membershipsOf([inWorkspace])) {
  vi.useFakeTimers();
  const reads: string[] = [];
  const hub = madeUpHub({
    loadMemberships: (userId) => {
      reads.push(userId);
      return Promise.resolve(known);
    },
  });
  const attach = async () => {
    const got: Frame[] = [];
    const { connection } = hub.register('u', 'a session', keepingTransport(got));
    await connection.reader.loading;
    connection.goLive();
    return { got, end: () => hub.roster.release(connection) };
  };
  const pass = (pos: number, workspaceSeq: number, kind: 'workspace.memberLeft' | 'workspace.updated') => {
    const entry: LogEntry = {
      pos, nonce: pos, code: codeOf(kind), workspaceId: 'w', workspaceSeq, chatId: null, chatSeq: null, userId: null,
      subjectId: 'u', facts: {}, createdAt: new Date(0), nouns: {}, opensFor: [],
    }; // biome-ignore format: short
    return hub.pass({ isAnchored: true, snapshot: '1:1:', revocations: [], entries: [entry], hasMore: false });
  };
  return { hub, reads, attach, pass };
}

test('the memberships of a person who reconnects repeatedly are read once', async () => {
  const { reads, attach } = stage();
  for (let n = 0; n < 100; n++) (await attach()).end();
  expect(reads).toEqual(['u']);
});

test('changes while a person has no stream are known when they connect again', async () => {
  const { reads, attach, pass } = stage();
  (await attach()).end();
  await pass(1, 2, 'workspace.memberLeft');
  const { got } = await attach();
  await pass(2, 3, 'workspace.updated');
  expect(got.map(posOf)).toEqual([]);
  expect(reads).toEqual(['u']);
});

test('memberships are read again when one that was not read ends, with a stream and without', async () => {
  const { hub, reads, attach, pass } = stage({ ...membershipsOf([]), isCut: true });
  await attach();
  await pass(1, 2, 'workspace.memberLeft');
  expect(hub.roster.connections.size).toBe(0);
  (await attach()).end();
  expect(reads).toEqual(['u', 'u']);
  await pass(2, 4, 'workspace.memberLeft');
  await attach();
  expect(reads).toEqual(['u', 'u', 'u']);
});

test('memberships are forgotten after a while, and at once when the history is replaced', async () => {
  const { hub, reads, attach } = stage();
  const first = await attach();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hub.roster.readers.size).toBe(1);
  first.end();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hub.roster.readers.size).toBe(0);
  (await attach()).end();
  hub.start({ pos: 9, nonce: 9 });
  expect(hub.roster.readers.size).toBe(0);
  (await attach()).end();
  expect(reads).toEqual(['u', 'u', 'u']);
});

test('a failed read is not cached', async () => {
  let isAway = true;
  const hub = madeUpHub({
    loadMemberships: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(membershipsOf([inWorkspace]))),
  });
  const attach = () => hub.register('u', 'a session', keepingTransport([])).connection;
  const failed = attach();
  await expect(failed.reader.loading).rejects.toThrow('away');
  hub.roster.release(failed);
  isAway = false;
  await expect(attach().reader.loading).resolves.toBeUndefined();
});
