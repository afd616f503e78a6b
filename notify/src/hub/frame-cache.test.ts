import { codeOf, type LoggedEventKind, type LogRow } from '@fechatter/contract';
import { createMessageCipher, type FoundNouns, type LogEntry, type NounKey, shownKeys } from '@fechatter/drizzle';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EntryFrames } from './entry-frames.ts';
import { FrameCache } from './frame-cache.ts';

const rendering = { cipher: createMessageCipher([{ id: 1, key: Buffer.alloc(32) }]), onUnreadable: () => {} };
const at = new Date(0);
const BYTES = 1_000_000;

const rowOf = (kind: LoggedEventKind, fields: Partial<LogRow>): LogRow => ({
  code: codeOf(kind),
  workspaceId: 'w',
  workspaceSeq: null,
  chatId: null,
  chatSeq: null,
  userId: null,
  subjectId: null,
  facts: {},
  ...fields,
});
const framesOf = (pos: number, row: LogRow, nouns: FoundNouns) => {
  const entry: LogEntry = { ...row, pos, nonce: 0, createdAt: at, nouns, opensFor: [] };
  return new EntryFrames(entry, rendering);
};

const messageRow = (id: string, chatId: string, senderId: string) =>
  ({
    id,
    chat_id: chatId,
    sender_id: senderId,
    sender_name: senderId,
    sender_avatar_url: null,
    sender_account_id: null,
    seq: 1,
    number: 1,
    version: 1,
    client_id: id,
    body: null,
    created_at: at,
    edited_at: null,
    deleted_at: null,
  }) as unknown as NonNullable<FoundNouns['message']>;
const chatRow = (id: string, names: Record<string, string> | null) => ({
  id,
  name: id,
  chat_type: 'Group' as const,
  workspace_id: 'w',
  topic: null,
  who_posts: 'All' as const,
  archived_at: null,
  version: 1,
  created_at: at,
  updated_at: at,
  names,
});
const ofMessage = (pos: number, id: string, chatId: string, senderId: string) =>
  framesOf(pos, rowOf('message.created', { chatId, subjectId: id }), { message: messageRow(id, chatId, senderId) });
const ofChat = (pos: number, id: string, names: Record<string, string> | null = null) =>
  framesOf(pos, rowOf('chat.created', { chatId: id }), { chat: chatRow(id, names) });
const ofJoin = (pos: number, chatId: string, userId: string) =>
  framesOf(pos, rowOf('member.joined', { chatId, subjectId: userId }), {
    chat: chatRow(chatId, null),
    user: { id: userId, kind: 'Person', name: userId, avatar_url: null, status: 'Active', account_id: null },
  });
const ofWorkspace = (pos: number) =>
  framesOf(pos, rowOf('workspace.updated', { workspaceSeq: 1 }), {
    workspace: {
      id: 'w',
      name: 'w',
      description: null,
      retention_days: null,
      last_seq: 1,
      created_at: at,
      updated_at: at,
    },
  });

const all = [
  ofMessage(1, 'm1', 'c1', 'u1'),
  ofMessage(2, 'm2', 'c1', 'u2'),
  ofMessage(3, 'm3', 'c2', 'u1'),
  ofChat(4, 'c1'),
  ofChat(5, 'c3', { u1: 'two', u3: 'one' }),
  ofJoin(6, 'c2', 'u2'),
  ofWorkspace(7),
  // Its message is gone: only its id is known.
  framesOf(8, rowOf('message.created', { chatId: 'c1', subjectId: 'm9' }), {}),
];

const changes: readonly [LoggedEventKind, Partial<LogRow>, number[]][] = [
  ['message.updated', { chatId: 'c1', subjectId: 'm1' }, [1]],
  ['message.deleted', { chatId: 'c1', subjectId: 'm9' }, [8]],
  ['chat.updated', { chatId: 'c1' }, [1, 2, 4]],
  ['chat.deleted', { chatId: 'c2' }, [3, 6]],
  ['chat.purged', { chatId: 'c1' }, [1, 2, 4]],
  ['user.updated', { subjectId: 'u1' }, [1, 3, 5]],
  ['user.updated', { subjectId: 'u3' }, [5]],
  ['workspace.updated', { workspaceSeq: 2 }, [7]],
  ['workspace.deleted', { workspaceSeq: 2 }, [7]],
  ['message.created', { chatId: 'c1', subjectId: 'm1' }, []],
  ['member.left', { chatId: 'c1', subjectId: 'u1' }, []],
];

const kept = (cache: FrameCache) => all.map(({ entry: { pos } }) => pos).filter((pos) => cache.get(pos) !== undefined);

test.each(changes)('%s of %j drops exactly the frames that show it', (kind, fields, stale) => {
  const cache = new FrameCache(BYTES);
  for (const frames of all) cache.add(frames, cache.drops);
  cache.passed(rowOf(kind, fields));
  expect(kept(cache)).toEqual(all.map(({ entry: { pos } }) => pos).filter((pos) => !stale.includes(pos)));
});

test.each(changes)(
  'a frame read before %s of %j is not cached after it, and every other one is',
  (kind, fields, stale) => {
    const cache = new FrameCache(BYTES);
    const { drops } = cache;
    cache.passed(rowOf(kind, fields));
    for (const frames of all) cache.add(frames, drops);
    expect(kept(cache)).toEqual(all.map(({ entry: { pos } }) => pos).filter((pos) => !stale.includes(pos)));
    for (const frames of all) cache.add(frames, cache.drops);
    expect(kept(cache)).toHaveLength(all.length);
  },
);

test('a read that began before forgotten drops is not cached, because it may show one of them', () => {
  const cache = new FrameCache(BYTES, 3);
  const { drops } = cache;
  for (const subjectId of ['a', 'b', 'c']) cache.passed(rowOf('message.updated', { subjectId }));
  cache.add(ofMessage(1, 'm1', 'c1', 'u1'), drops);
  expect(kept(cache)).toEqual([1]);
  cache.passed(rowOf('message.updated', { subjectId: 'd' }));
  cache.add(ofMessage(2, 'm2', 'c1', 'u1'), drops);
  expect(kept(cache)).toEqual([1]);
  cache.add(ofMessage(2, 'm2', 'c1', 'u1'), cache.drops);
  expect(kept(cache)).toEqual([1, 2]);
});

test('no frame that was read before the history was replaced is kept', () => {
  const cache = new FrameCache(BYTES);
  cache.add(ofWorkspace(7), cache.drops);
  const { drops } = cache;
  cache.clear();
  cache.add(ofMessage(1, 'm1', 'c1', 'u1'), drops);
  expect(kept(cache)).toEqual([]);
});

type Move = { readonly do: 'begin' | 'end'; readonly at: number } | { readonly do: 'change'; readonly at: number };

test('no interleaving of reads, drops and evictions leaves a stale frame, and an undisturbed read is kept', () => {
  const move: fc.Arbitrary<Move> = fc.record({ do: fc.constantFrom('begin', 'end', 'change'), at: fc.nat() });
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 60 }),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      (moves, dropsMax, isSmall) => {
        const cache = new FrameCache(isSmall ? 7_000 : BYTES, dropsMax);
        const versions = new Map<NounKey, number>();
        const versionsOf = (frames: EntryFrames) => shownKeys(frames.entry).map((key) => versions.get(key) ?? 0);
        const readAs = new Map<EntryFrames, readonly number[]>();
        const reads: { readonly frames: EntryFrames; readonly drops: number; readonly changes: number }[] = [];
        let changed = 0;
        for (const { do: what, at } of moves) {
          if (what === 'begin') {
            const { entry } = all[at % all.length] as EntryFrames;
            const frames = new EntryFrames(entry, rendering);
            readAs.set(frames, versionsOf(frames));
            reads.push({ frames, drops: cache.drops, changes: changed });
          } else if (what === 'end') {
            const [read] = reads.splice(at % Math.max(1, reads.length), 1);
            if (read === undefined) continue;
            cache.add(read.frames, read.drops);
            if (read.changes === changed) expect(cache.get(read.frames.entry.pos)).toBeDefined();
          } else {
            const [kind, fields] = changes[at % changes.length] as (typeof changes)[number];
            const row = rowOf(kind, fields);
            for (const key of keysChangedBy(row)) versions.set(key, (versions.get(key) ?? 0) + 1);
            changed++;
            cache.passed(row);
          }
          for (const { entry } of all) {
            const frames = cache.get(entry.pos);
            if (frames !== undefined) expect(readAs.get(frames)).toEqual(versionsOf(frames));
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** Listed independently of the registry: the nouns that each of the changes above makes stale. */
function keysChangedBy({ code, chatId, subjectId, workspaceId }: LogRow): NounKey[] {
  const of = (...kinds: LoggedEventKind[]) => kinds.some((kind) => codeOf(kind) === code);
  if (of('message.updated', 'message.deleted')) return [`message ${subjectId}`];
  if (of('chat.updated', 'chat.deleted', 'chat.purged')) return [`chat ${chatId}`];
  if (of('user.updated')) return [`user ${subjectId}`];
  return of('workspace.updated', 'workspace.deleted') ? [`workspace ${workspaceId}`] : [];
}
