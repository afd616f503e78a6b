import type { UserExportLine, WorkspaceExportLine } from '@fechatter/contract';
import { randomUUID } from 'node:crypto';
import { NIL } from 'uuid';
import { afterAll, expect, test } from 'vitest';
import { type Person, refusal, testServer } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';
import { streamLines } from './stream-lines.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());

interface Part<Line> {
  readonly lines: readonly Line[];
  readonly nextCursor: string | null;
}
async function all<Line>(page: (cursor: string | undefined) => Promise<Part<Line>>): Promise<Line[]> {
  const lines: Line[] = [];
  let cursor: string | undefined;
  do {
    const part = await page(cursor);
    lines.push(...part.lines);
    cursor = part.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return lines;
}
const given = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
const exportOf = ({ trpc }: Person, limit = 100): Promise<UserExportLine[]> =>
  all((cursor) => trpc.user.export.query({ limit, ...given(cursor) }));
const workspaceExportOf = ({ trpc }: Person, workspaceId: string, limit = 100): Promise<WorkspaceExportLine[]> =>
  all((cursor) => trpc.workspace.export.query({ workspaceId, limit, ...given(cursor) }));
const of = <Line extends { type: string }, Type extends Line['type']>(lines: readonly Line[], type: Type) =>
  lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type);
/** Requests an export over REST, as a stream of JSON Lines. */
async function streamed({ session }: Person, path: string) {
  const headers = { authorization: `Bearer ${session.token}`, accept: 'application/jsonl' };
  const response = await fetch(`${app.url}/api${path}`, { headers });
  const text = await response.text();
  const lines = text.endsWith('\n') || !response.ok ? text.trimEnd().split('\n') : [];
  return { response, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('a person’s export has their own data, and nothing that others wrote', async () => {
  const { ann, ben, workspace, chat } = await app.chatOf('ann', 'ben');
  const chatId = chat.id;
  const sent = [];
  for (const content of ['one', 'two', 'three']) sent.push(await ben.trpc.message.send.mutate({ chatId, content }));
  await ann.trpc.message.send.mutate({ chatId, content: 'not his' });
  await ben.trpc.message.delete.mutate({ chatId, messageId: sent[1]?.id ?? '' });
  const messageId = sent[0]?.id ?? '';
  await ann.trpc.message.react.mutate({ chatId, messageId, emoji: '👍' });
  for (const emoji of ['👍', '❤']) await ben.trpc.message.react.mutate({ chatId, messageId, emoji });
  await ben.trpc.message.pin.mutate({ chatId, messageId });
  await ben.trpc.message.save.mutate({ chatId, messageId });
  const savedAt = (await ben.trpc.message.saved.query()).saved[0]?.savedAt;
  const other = await ben.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Group',
    name: 'other',
    memberIds: [ann.id],
  });
  const asked = await ann.trpc.message.send.mutate({ chatId: other.id, content: 'a question' });
  const reply = { chatId: other.id, content: 'four', threadId: asked.id };
  await ben.trpc.message.send.mutate(reply);
  await ben.trpc.chat.leave.mutate({ chatId });
  const lines = await exportOf(ben);
  expect(of(lines, 'user')).toEqual([{ type: 'user', ...(await ben.trpc.user.me.query()) }]);
  expect(of(lines, 'session')).toMatchObject([{ ip: '127.0.0.1', revokedAt: null }]);
  expect(of(lines, 'workspaceMembership')).toMatchObject([
    { workspaceId: workspace.id, workspaceName: 'a workspace', role: 'Member', hasLeft: false },
  ]);
  expect(of(lines, 'chatMembership')).toMatchObject([
    { chatId, chatName: '', role: 'Member', hasLeft: true },
    { chatId: other.id, chatName: 'other', hasLeft: false },
  ]);
  const contents = of(lines, 'message').map(({ content }) => content);
  expect(new Set(contents)).toEqual(new Set(['one', 'three', 'four']));
  const thread = { type: 'thread', chatId: other.id, rootId: asked.id, following: true, lastReadNumber: 1 };
  expect(of(lines, 'thread')).toEqual([thread]);
  expect(of(lines, 'reactions')).toEqual([{ type: 'reactions', chatId, messageId, emoji: ['👍', '❤️'] }]);
  const { pinnedAt } = await ann.trpc.message.get.query({ chatId, messageId });
  expect(of(lines, 'pin')).toEqual([{ type: 'pin', chatId, messageId, pinnedAt }]);
  expect(of(await exportOf(ann), 'pin')).toEqual([]);
  expect(of(lines, 'saved')).toEqual([{ type: 'saved', chatId, messageId, savedAt }]);
  expect(of(lines, 'auditEntry').map(({ action }) => action)).toEqual(['account.signedUp', 'account.exported']);
  const small = await exportOf(ben, 2);
  expect(small.filter(({ type }) => type !== 'auditEntry')).toEqual(lines.filter(({ type }) => type !== 'auditEntry'));
  expect(await refusal(app.anonymous.user.export.query())).toMatchObject({ reason: 'not_signed_in' });
});

test('an Owner’s export has the workspace, its public channels, and their other chats', async () => {
  const [owner, other, stranger] = [await app.signUp('owner'), await app.signUp('other'), await app.signUp('stranger')];
  const { id: workspaceId } = await stagedWorkspace(owner, { Member: [other] });
  const make = async (by: Person, chatType: 'Group' | 'PublicChannel' | 'PrivateChannel', memberIds: string[]) => {
    const input = { workspaceId, chatType, name: `${chatType} of ${by.name}`, memberIds };
    const { id: chatId } = await by.trpc.chat.create.mutate(input);
    for (const n of [1, 2, 3]) await by.trpc.message.send.mutate({ chatId, content: `${n} in ${input.name}` });
    return chatId;
  };
  const open = await make(other, 'PublicChannel', []);
  const own = await make(owner, 'Group', [other.id]);
  const closed = await make(other, 'PrivateChannel', []);
  const empty = await Promise.all(Array.from({ length: 20 }, () => make(owner, 'PublicChannel', [])));
  const lines = await workspaceExportOf(owner, workspaceId);
  expect(lines.slice(0, 3)).toMatchObject([
    { type: 'workspace', id: workspaceId },
    { type: 'member', id: owner.id, role: 'Owner' },
    { type: 'member', id: other.id, role: 'Member' },
  ]);
  expect(of(lines, 'chat').map(({ id }) => id)).toEqual([open, own, ...empty].sort());
  const withoutAudit = (all: readonly WorkspaceExportLine[]) => all.filter(({ type }) => type !== 'auditEntry');
  // The audit log contains the id of such a chat and nothing else.
  expect(JSON.stringify(withoutAudit(lines))).not.toContain(closed);
  expect(JSON.stringify(lines)).not.toMatch(/(in|of) PrivateChannel|PrivateChannel of|token|@example/);
  const walk = lines.slice(lines.findIndex(({ type, ...line }) => type === 'chat' && 'id' in line && line.id === own));
  expect(walk.slice(0, 6)).toMatchObject([
    { type: 'chat', id: own, name: 'Group of owner' },
    ...[owner.id, other.id].map((userId) => ({ type: 'chatMember', chatId: own, userId })),
    ...[1, 2, 3].map((number) => ({ type: 'message', chatId: own, number, content: `${number} in Group of owner` })),
  ]);
  expect(of(lines, 'message')).toHaveLength(22 * 3);
  expect(of(lines, 'auditEntry').at(-1)).toMatchObject({ action: 'workspace.exported', actorId: owner.id });
  expect(withoutAudit(await workspaceExportOf(owner, workspaceId, 7))).toEqual(withoutAudit(lines));

  const asked = (person: Person) => refusal(person.trpc.workspace.export.query({ workspaceId }));
  expect(await asked(other)).toMatchObject({ reason: 'role_too_low' });
  expect(await asked(stranger)).toMatchObject({ reason: 'workspace_not_found' });
  const { nextCursor } = await owner.trpc.workspace.export.query({ workspaceId, limit: 1 });
  const cursor = nextCursor ?? '';
  expect(await refusal(other.trpc.workspace.export.query({ workspaceId, cursor }))).toMatchObject({
    reason: 'role_too_low',
  });
  expect(await refusal(owner.trpc.user.export.query({ cursor }))).toMatchObject({ reason: 'invalid_cursor' });

  const { response, lines: wire } = await streamed(owner, `/workspaces/${workspaceId}/export`);
  expect(response.headers.get('content-type')).toBe('application/jsonl');
  expect(wire.at(-1)).toEqual({ type: 'end', lines: wire.length - 1 });
  expect(wire.filter(({ type }) => type === 'message')).toHaveLength(66);
  expect(wire.find(({ type }) => type === 'message')).toMatchObject({
    chat_id: expect.any(String),
    sender: { avatar_url: null },
    created_at: expect.stringMatching(/Z$/),
  });
  const refused = await streamed(other, `/workspaces/${workspaceId}/export`);
  expect(refused.response.status).toBe(403);
});

test('an export has everything from before its start once, with writes at the same time', async () => {
  const { cleo, dan, workspace, chat } = await app.chatOf('cleo', 'dan');
  const chatId = chat.id;
  const before = new Set<string>();
  for (let n = 0; n < 60; n++) before.add((await cleo.trpc.message.send.mutate({ chatId, content: `${n}` })).id);
  const stop = new AbortController();
  const writing = (async () => {
    for (let n = 0; !stop.signal.aborted; n++)
      await cleo.trpc.message.send.mutate({ chatId, content: `meanwhile ${n}` });
  })();
  await dan.trpc.message.send.mutate({ chatId, content: 'meanwhile' });
  for (const lines of [await exportOf(cleo, 20), await workspaceExportOf(cleo, workspace.id, 20)]) {
    const ids = lines.flatMap((line) => (line.type === 'message' ? [line.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => before.has(id))).toHaveLength(before.size);
  }
  stop.abort();
  await writing;
});

test('a stream ends with its counts, and needs a session', async () => {
  const eve = await app.signUp('eve');
  const { lines } = await streamed(eve, '/users/me/export');
  expect(lines.map(({ type }) => type)).toEqual([
    'user',
    'preferences',
    'session',
    'secondFactors',
    'auditEntry',
    'auditEntry',
    'end',
  ]);
  await eve.trpc.auth.signout.mutate();
  expect((await streamed(eve, '/users/me/export')).response.status).toBe(401);
});

test('a reader that does not read keeps one page in memory, and a disconnect ends the export', async () => {
  let read = 0;
  let isEnded = false;
  async function* pages() {
    try {
      for (;;) {
        read += 1;
        yield [{ n: read }];
      }
    } finally {
      isEnded = true;
    }
  }
  const reader = streamLines(pages(), (line) => line, { onError: () => {} }).getReader();
  expect(read).toBe(0);
  await reader.read();
  await reader.read();
  expect(read).toBe(2);
  await reader.cancel();
  expect(isEnded).toBe(true);
});

test('an export that fails in between has no last line', async () => {
  const failure = new Error('may not read any more');
  async function* pages() {
    yield await Promise.resolve([{ n: 1 }]);
    throw failure;
  }
  const errors: unknown[] = [];
  const reader = streamLines(pages(), (line) => line, { onError: (error) => void errors.push(error) }).getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"n":1}\n');
  await expect(reader.read()).rejects.toBe(failure);
  expect(errors).toEqual([failure]);
});

test('a page is returned only after its audit line was written', async () => {
  const [olga, otto] = [await app.signUp('olga'), await app.signUp('otto')];
  const { id: workspaceId } = await stagedWorkspace(olga, { Owner: [otto] });
  const exported = async () =>
    (await olga.trpc.workspace.auditLog.query({ workspaceId })).entries.filter(({ action }) =>
      action.endsWith('.exported'),
    );
  const place = { step: 1, chatId: NIL, id: NIL, seq: 0 };
  const made = (list: string, at: object) => Buffer.from(JSON.stringify([list, at])).toString('base64url');
  const ofOthers = (await otto.trpc.workspace.export.query({ workspaceId, limit: 1 })).nextCursor ?? '';
  for (const cursor of [
    made('workspace.export', place),
    made('workspace.export', { place, noted: randomUUID() }),
    ofOthers,
  ])
    expect(await refusal(olga.trpc.workspace.export.query({ workspaceId, cursor }))).toMatchObject({
      reason: 'invalid_cursor',
    });
  for (const at of [place, { place, noted: randomUUID() }])
    expect(await refusal(olga.trpc.user.export.query({ cursor: made('user.export', at) }))).toMatchObject({
      reason: 'invalid_cursor',
    });
  expect(await exported()).toMatchObject([{ action: 'workspace.exported', actorId: otto.id }]);
});

test('an export is one audit line, paged or streamed, and one that is refused is none', async () => {
  const pia = await app.signUp('pia');
  const { id: workspaceId } = await stagedWorkspace(pia);
  const lines = async () =>
    (await app.database.query(`select from audit_log where action like '%.exported' and actor_id = $1`, [pia.id]))
      .length;
  await exportOf(pia, 1);
  await workspaceExportOf(pia, workspaceId, 1);
  expect(await lines()).toBe(2);
  for (const path of ['/users/me/export', `/workspaces/${workspaceId}/export`])
    expect((await streamed(pia, path)).lines.at(-1)).toMatchObject({ type: 'end' });
  expect(await lines()).toBe(4);
  // A person may have two at once.
  const busy = [app.deps.budgets.beginHeavy(pia.id), app.deps.budgets.beginHeavy(pia.id)];
  for (const path of ['/users/me/export', `/workspaces/${workspaceId}/export`]) {
    const { response, lines: error } = await streamed(pia, path);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(error).toMatchObject([{ error: { reason: 'rate_limited' } }]);
  }
  for (const end of busy) end();
  for (const path of ['/workspaces/nothing/export', `/workspaces/${randomUUID()}/export`])
    expect([400, 404]).toContain((await streamed(pia, path)).response.status);
  expect(await lines()).toBe(4);
});
