import { brokenRules } from '@fechatter/server/invariants';
import { type Person, refusal, testServer } from '@fechatter/server/testing';
import { indexing, joinClaimedChats, wipeErased, workerDeps } from '@fechatter/worker/testing';
import { afterAll, expect, test } from 'vitest';
import type { ImportItem } from '../stream.ts';
import { importing, second } from '../testing/imported.ts';

const app = await testServer();
const imports = importing(app);
const worker = workerDeps(app);
const index = indexing(app);
afterAll(async () => {
  await Promise.all([imports[Symbol.asyncDispose](), worker.db.close(), index.db.close()]);
  await app[Symbol.asyncDispose]();
});

const joinChats = () => joinClaimedChats(worker, AbortSignal.timeout(60_000));
const prove = (...people: Person[]) =>
  app.database.query('update users set email_verified_at = now() where id = any ($1::uuid[])', [
    people.map(({ id }) => id),
  ]);
const absent = { reason: 'claim_not_found' };

/** Chats of the source that the owner and somebody who has no account yet were in. */
function items(owner: string, absentee: string): ImportItem[] {
  const members = [owner, absentee].map((person) => ({ person }));
  const said = (chat: string, n: number, sender: string): ImportItem => ({
    type: 'message',
    chat,
    key: `${n}`,
    atUs: second(n),
    sender,
    text: [`zebra ${n} of ${sender}`],
    reactions: [{ emoji: '👍', people: [absentee] }],
  });
  return [
    ...[owner, absentee].map(
      (name): ImportItem => ({ type: 'person', key: name, name: `old ${name}`, email: `${name}@example.com` }),
    ),
    { type: 'chat', key: 'private', name: 'private', chatType: 'PrivateChannel', members },
    { type: 'chat', key: 'alone', name: 'alone', chatType: 'PrivateChannel', members: [{ person: absentee }] },
    { type: 'chat', key: 'direct', name: 'direct', chatType: 'Single', members },
    { type: 'chat', key: 'left', name: 'left', chatType: 'PrivateChannel', members: [{ person: owner }] },
    said('private', 1, owner),
    said('private', 2, absentee),
    said('alone', 3, absentee),
    said('direct', 4, absentee),
    said('left', 5, absentee),
  ];
}

const chatsOf = async (person: Person, workspaceId: string) => {
  const { chats } = await person.trpc.chat.list.query({ workspaceId });
  return chats.map(({ name, role }) => `${name}: ${role}`).sort();
};

test('who proves the address claims a placeholder, and when an Owner confirms, all that it wrote is theirs', async () => {
  const { alice, carol, workspace } = await app.workspaceOf('alice', 'carol');
  const workspaceId = workspace.id;
  await prove(alice);
  await imports.into(workspaceId, items('alice', 'bob'));
  const bob = await app.signUp('bob');
  const { token } = await alice.trpc.workspace.invite.mutate({ workspaceId, role: 'Member' });
  await bob.trpc.workspace.acceptInvite.mutate({ token });
  const [row] = await app.database.query(`select id from users where full_name = 'old bob'`);
  const userId = String(row?.id);
  const claims = (person: Person) => person.trpc.workspace.claims.query({ workspaceId });
  const claim = (person: Person) => person.trpc.workspace.claim.mutate({ workspaceId, userId });

  // An unproved address, another one, no placeholder: all alike.
  expect((await claims(bob)).claims).toEqual([]);
  expect(await refusal(claim(bob))).toMatchObject(absent);
  await prove(bob, carol);
  expect(await refusal(claim(carol))).toMatchObject(absent);
  expect(await refusal(bob.trpc.workspace.claim.mutate({ workspaceId, userId: carol.id }))).toMatchObject(absent);
  expect((await claims(carol)).claims).toEqual([]);

  expect((await claims(bob)).claims).toMatchObject([{ placeholder: { id: userId, name: 'old bob' }, claimant: null }]);
  expect((await claims(alice)).claims).toEqual([]);
  await claim(bob);
  await claim(bob);
  expect((await claims(alice)).claims).toMatchObject([{ placeholder: { id: userId }, claimant: { id: bob.id } }]);

  const decide = (claimantId: string, isConfirmed: boolean) =>
    alice.trpc.workspace.decideClaim.mutate({ workspaceId, userId, claimantId, isConfirmed });
  expect(await refusal(decide(carol.id, true))).toMatchObject(absent);
  await decide(bob.id, false);
  expect((await claims(alice)).claims).toEqual([]);
  expect(await refusal(decide(bob.id, true))).toMatchObject(absent);
  await claim(bob);
  // A person who loses the address loses the claim.
  await app.database.query('update users set email_verified_at = null where id = $1', [bob.id]);
  expect((await claims(alice)).claims).toEqual([]);
  expect(await refusal(decide(bob.id, true))).toMatchObject(absent);
  await prove(bob);
  await decide(bob.id, true);
  expect(await refusal(decide(bob.id, true))).toMatchObject(absent);
  expect(await refusal(claim(bob))).toMatchObject(absent);

  expect(await chatsOf(bob, workspaceId)).toEqual([]);
  await joinChats();
  await joinChats();
  expect(await chatsOf(bob, workspaceId)).toEqual(['alice: Member', 'alone: Owner', 'private: Member']);
  expect(await chatsOf(carol, workspaceId)).toEqual([]);
  const { chats } = await bob.trpc.chat.list.query({ workspaceId });
  const chatId = chats.find(({ name }) => name === 'private')?.id ?? '';
  const shown = async () => (await alice.trpc.message.list.query({ chatId })).messages;
  const [own] = await shown();
  expect(own?.sender).toEqual({ id: userId, kind: 'Person', name: 'bob', avatarUrl: null, accountId: bob.id });
  const reactors = await alice.trpc.message.reactors.query({ chatId, messageId: own?.id ?? '', emoji: '👍' });
  expect(reactors.users).toMatchObject([{ id: userId, fullName: 'bob' }]);
  expect(chats.map(({ unreadCount, otherUserId }) => [unreadCount, otherUserId])).toContainEqual([0, alice.id]);

  // A later name is the placeholder's too, and each change is one event.
  await bob.trpc.user.update.mutate({ fullName: 'Robert' });
  expect((await shown())[0]?.sender).toMatchObject({ name: 'Robert' });
  expect((await app.events()).filter(({ subjectId }) => subjectId === userId).map(({ kind }) => kind)).toEqual([
    'user.updated',
    'user.updated',
  ]);
  const messageId = own?.id ?? '';
  expect(await refusal(carol.trpc.message.edit.mutate({ chatId, messageId, content: 'x' }))).toMatchObject({
    reason: 'chat_not_found',
  });
  expect(await refusal(alice.trpc.message.edit.mutate({ chatId, messageId, content: 'x' }))).toMatchObject({
    reason: 'not_the_sender',
  });
  await bob.trpc.message.edit.mutate({ chatId, messageId, content: 'zebra edited' });
  await index.index();
  const { hits } = await alice.trpc.message.search.query({ workspaceId, query: `zebra from:<@${bob.id}>` });
  expect(hits.map(({ message }) => message.content).sort()).toEqual([
    'zebra 4 of bob',
    'zebra 5 of bob',
    'zebra edited',
  ]);
  const { lines } = await bob.trpc.user.export.query();
  expect(lines.filter(({ type }) => type === 'message')).toHaveLength(4);
  expect(lines.filter(({ type }) => type === 'reactions')).toHaveLength(5);
  expect(await brokenRules(app.database)).toEqual({});

  // Later imports find the account.
  const later: ImportItem = {
    type: 'chat',
    key: 'later',
    name: 'later',
    chatType: 'Group',
    members: [{ person: 'bob' }],
  };
  await imports.into(workspaceId, [...items('alice', 'bob').slice(0, 2), later]);
  expect(await chatsOf(bob, workspaceId)).toContain('later: Owner');

  // What is erased of the account is erased of the placeholder.
  await bob.trpc.user.erase.mutate({ password: bob.password, confirmation: 'erase' });
  await wipeErased(worker, AbortSignal.timeout(60_000));
  const left = await app.database.query(
    `select from messages where sender_id = $1 and body is not null union all select from users where id = $1 and full_name <> ''
     union all select from reactions where user_id = $1 union all select from placeholders where user_id = $1`,
    [userId],
  );
  expect(left).toEqual([]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('two who have a direct chat already keep both, and nobody enters what they were not in', async () => {
  const { dora, emil, workspace } = await app.workspaceOf('dora', 'emil');
  const workspaceId = workspace.id;
  await prove(dora);
  await imports.into(workspaceId, items('dora', 'emil'), { source: 'other' });
  await prove(emil);
  await emil.trpc.chat.create.mutate({ workspaceId, name: 'x', chatType: 'Single', memberIds: [dora.id] });
  // Who was removed from a chat is not let in again by what the source says.
  const chats = await dora.trpc.chat.list.query({ workspaceId });
  const chatId = chats.chats.find(({ name }) => name === 'private')?.id ?? '';
  await dora.trpc.chat.addMembers.mutate({ chatId, userIds: [emil.id] });
  await dora.trpc.chat.removeMember.mutate({ chatId, userId: emil.id });
  const { claims } = await emil.trpc.workspace.claims.query({ workspaceId });
  const userId = claims[0]?.placeholder.id ?? '';
  await emil.trpc.workspace.claim.mutate({ workspaceId, userId });
  await dora.trpc.workspace.decideClaim.mutate({ workspaceId, userId, claimantId: emil.id, isConfirmed: true });
  await joinChats();
  expect(await chatsOf(emil, workspaceId)).toEqual(['alone: Owner', 'dora: Member']);
  expect(await chatsOf(dora, workspaceId)).toEqual(['emil: Member', 'emil: Member', 'left: Owner', 'private: Owner']);
  const { entries } = await dora.trpc.workspace.auditLog.query({ workspaceId });
  expect(entries.filter(({ action }) => action.startsWith('placeholder.')).map((e) => [e.action, e.actorId])).toEqual([
    ['placeholder.confirmed', dora.id],
    ['placeholder.claimed', emil.id],
  ]);
  expect(await brokenRules(app.database)).toEqual({});
  // The addresses of placeholders are deleted with their workspace.
  await dora.trpc.workspace.delete.mutate({ workspaceId });
  expect(await app.database.query('select from placeholders where workspace_id = $1', [workspaceId])).toEqual([]);
});

test('whose claim is confirmed while chats are being imported is made a member of them once they are complete', async () => {
  const { gus, hana, workspace } = await app.workspaceOf('gus', 'hana');
  const workspaceId = workspace.id;
  await prove(gus);
  async function* whileClaimed() {
    yield* items('gus', 'hana');
    await prove(hana);
    const { claims } = await hana.trpc.workspace.claims.query({ workspaceId });
    const userId = claims[0]?.placeholder.id ?? '';
    await hana.trpc.workspace.claim.mutate({ workspaceId, userId });
    await gus.trpc.workspace.decideClaim.mutate({ workspaceId, userId, claimantId: hana.id, isConfirmed: true });
    // What an import that died before it finished a chat leaves, and a worker that found no chat to enter.
    await app.database.query(
      `insert into import_members (user_id, chat_id, role) select $1, chat_id, 'Member' from chat_heads where workspace_id = $2`,
      [userId, workspaceId],
    );
    await joinChats();
  }
  await imports.into(workspaceId, whileClaimed());
  expect(await chatsOf(hana, workspaceId)).toEqual([]);
  await joinChats();
  expect(await chatsOf(hana, workspaceId)).toEqual(['alone: Owner', 'gus: Member', 'private: Member']);
  expect(await brokenRules(app.database)).toEqual({});
});
