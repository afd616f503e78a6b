import { type Chance, chanceOf } from '@fechatter/testing/chance';
import { afterAll, expect, test } from 'vitest';
import { testServer } from './testing/index.ts';
import { stagedWorkspace } from './testing/staged-workspace.ts';

const app = await testServer({ FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());
const alice = await app.signUp('alice');
const names = ['bob', 'carol', 'dave', 'erin', 'frank', 'grace'];
const others = await Promise.all(names.map((name) => app.signUp(name)));
const { trpc } = alice;
const { id: workspaceId } = await stagedWorkspace(alice, { Member: others });
const memberIds = others.map(({ id }) => id);
const makeChat = async (name: string, chatType: 'PublicChannel' | 'Group', members: string[] = []) =>
  (await trpc.chat.create.mutate({ workspaceId, chatType, name, memberIds: members })).id;
const chatId = await makeChat('everyone', 'Group', memberIds);
const send = async (content: string) => (await trpc.message.send.mutate({ chatId, content })).id;
const invite = async () => (await trpc.workspace.invite.mutate({ workspaceId, role: 'Member' })).id;
const signIn = () => app.anonymous.auth.signin.mutate({ email: alice.email, password: alice.password });
for (let count = 0; count < 6; count++) {
  await makeChat(`channel ${count % 3}`, 'PublicChannel');
  await trpc.workspace.create.mutate({ name: `workspace ${count}` });
  await Promise.all([send(`message ${count}`), invite(), signIn()]);
}
const endSession = (sessionId: string) => trpc.auth.revokeSession.mutate({ sessionId });

type Cursor = { readonly cursor?: string };
/** A list that is read in pages of two: how its entries change, and how one is added. */
interface Paged {
  readonly page: (at: Cursor) => Promise<{ readonly ids: readonly string[]; readonly nextCursor: string | null }>;
  readonly moves: readonly ((id: string, word: string) => Promise<unknown>)[];
  readonly add?: (word: string) => Promise<unknown>;
}
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
const limit = 2;
const userIdsOf = (rows: readonly { readonly user: { readonly id: string } }[]) => rows.map(({ user }) => user.id);
const renameUser = async (id: string, fullName: string) =>
  [alice, ...others].find((person) => person.id === id)?.trpc.user.update.mutate({ fullName });
const renameChat = (id: string, name: string) => trpc.chat.update.mutate({ chatId: id, name });
const deleteChat = (id: string) => trpc.chat.delete.mutate({ chatId: id });
const lists: Readonly<Record<string, Paged>> = {
  'workspace.channels': {
    page: async (at) => {
      const { channels, nextCursor } = await trpc.workspace.channels.query({ workspaceId, limit, ...at });
      return { ids: idsOf(channels), nextCursor };
    },
    moves: [renameChat, renameChat, deleteChat],
    add: (word) => makeChat(word, 'PublicChannel'),
  },
  'chat.list': {
    page: async (at) => {
      const { chats, nextCursor } = await trpc.chat.list.query({ workspaceId, limit, ...at });
      return { ids: idsOf(chats).filter((id) => id !== chatId), nextCursor };
    },
    moves: [renameChat, deleteChat, (id, content) => trpc.message.send.mutate({ chatId: id, content })],
    add: (word) => makeChat(word, 'Group'),
  },
  'workspace.list': {
    page: async (at) => {
      const { workspaces, nextCursor } = await trpc.workspace.list.query({ limit, ...at });
      return { ids: idsOf(workspaces).filter((id) => id !== workspaceId), nextCursor };
    },
    moves: [
      (id, name) => trpc.workspace.update.mutate({ workspaceId: id, name }),
      (id) => trpc.workspace.delete.mutate({ workspaceId: id }),
    ],
    add: (name) => trpc.workspace.create.mutate({ name }),
  },
  'chat.members': {
    page: async (at) => {
      const { members, nextCursor } = await trpc.chat.members.query({ chatId, limit, ...at });
      return { ids: userIdsOf(members).filter((id) => id !== alice.id), nextCursor };
    },
    moves: [
      renameUser,
      (userId) => trpc.chat.setRole.mutate({ chatId, userId, role: 'Admin' }),
      (userId) => trpc.chat.removeMember.mutate({ chatId, userId }),
    ],
  },
  'workspace.members': {
    page: async (at) => {
      const { members, nextCursor } = await trpc.workspace.members.query({ workspaceId, limit, ...at });
      return { ids: userIdsOf(members).filter((id) => id !== alice.id), nextCursor };
    },
    moves: [
      renameUser,
      (userId) => trpc.workspace.setRole.mutate({ workspaceId, userId, role: 'Admin' }),
      (userId) => trpc.workspace.removeMember.mutate({ workspaceId, userId }),
    ],
  },
  'workspace.invites': {
    page: async (at) => {
      const { invites, nextCursor } = await trpc.workspace.invites.query({ workspaceId, limit, ...at });
      return { ids: idsOf(invites), nextCursor };
    },
    moves: [(inviteId) => trpc.workspace.revokeInvite.mutate({ workspaceId, inviteId })],
    add: invite,
  },
  'workspace.auditLog': {
    page: async (at) => {
      const { entries, nextCursor } = await trpc.workspace.auditLog.query({ workspaceId, limit: 20, ...at });
      return { ids: idsOf(entries), nextCursor };
    },
    moves: [],
    add: invite,
  },
  'message.list': {
    page: async ({ cursor }) => {
      const { messages, hasMore } = await trpc.message.list.query({ chatId, limit, ...(cursor && { before: cursor }) });
      return { ids: idsOf(messages), nextCursor: hasMore ? (messages.at(-1)?.id ?? null) : null };
    },
    moves: [
      (messageId) => trpc.message.delete.mutate({ chatId, messageId }),
      (messageId, content) => trpc.message.edit.mutate({ chatId, messageId, content }),
    ],
    add: send,
  },
  'auth.sessions': {
    page: async (at) => {
      const page = await trpc.auth.sessions.query({ limit, ...at });
      return { ids: page.sessions.flatMap(({ id, current }) => (current ? [] : id)), nextCursor: page.nextCursor };
    },
    moves: [endSession],
    add: signIn,
  },
  'workspace.export': {
    page: async (at) => {
      const { lines, nextCursor } = await trpc.workspace.export.query({ workspaceId, limit: 30, ...at });
      return { ids: lines.flatMap((line) => (line.type === 'chat' && line.id !== chatId ? line.id : [])), nextCursor };
    },
    moves: [renameChat, deleteChat],
    add: (word) => makeChat(word, 'PublicChannel'),
  },
  'user.export': {
    page: async (at) => {
      const { lines, nextCursor } = await trpc.user.export.query({ limit: 5, ...at });
      return {
        ids: lines.flatMap((line) => (line.type === 'message' && line.chatId === chatId ? line.id : [])),
        nextCursor,
      };
    },
    moves: [(messageId) => trpc.message.delete.mutate({ chatId, messageId })],
    add: send,
  },
};

/** Pages through a list while its entries are renamed, moved and deleted, most of all the one that a page ends with. */
async function pagedUnderChanges({ page, moves, add }: Paged, chance: Chance) {
  const seen: string[] = [];
  const touched = new Set<string>();
  for (let at: Cursor | undefined = {}; at !== undefined; ) {
    const { ids, nextCursor } = await page(at);
    seen.push(...ids);
    const word = `${chance.pick(['a', 'channel 1', 'zz'])} ${seen.length}`;
    const victim = chance.hits(0.7) ? ids.at(-1) : chance.pickIfAny(seen.filter((id) => !touched.has(id)));
    const move = chance.pickIfAny(moves);
    if (victim !== undefined && move !== undefined && !touched.has(victim)) {
      touched.add(victim);
      await move(victim, word);
    }
    if (seen.length < 60 && chance.hits(0.5)) await add?.(word);
    at = nextCursor === null ? undefined : { cursor: nextCursor };
  }
  return { seen, touched };
}

async function allOf({ page }: Paged): Promise<string[]> {
  const ids: string[] = [];
  for (let at: Cursor | undefined = {}; at !== undefined; ) {
    const read = await page(at);
    ids.push(...read.ids);
    at = read.nextCursor === null ? undefined : { cursor: read.nextCursor };
  }
  return ids;
}

test.each(Object.entries(lists))('%s shows unchanged entries once, while others change', async (_, list) => {
  for (const seed of [1, 2]) {
    const before = await allOf(list);
    const { seen, touched } = await pagedUnderChanges(list, chanceOf(seed));
    const untouched = seen.filter((id) => !touched.has(id));
    expect(untouched.length, `seed ${seed}: nothing twice`).toBe(new Set(untouched).size);
    expect(untouched, `seed ${seed}`).toEqual(expect.arrayContaining(before.filter((id) => !touched.has(id))));
  }
});
