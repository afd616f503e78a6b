import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { brokenRules } from '../testing/invariants.ts';
import { type Person, refusal, testServer, totpOf } from '../testing/index.ts';
import { stagedWorkspace } from '../testing/staged-workspace.ts';
import { closeAccount } from '../erasure/close-account.ts';
import { reinstateUser } from './suspend-user.ts';
import { wipeAccount, wipeErased } from '../erasure/wipe-accounts.ts';

const app = await testServer({ FECHATTER_LIMITS_SENDS_PER_MINUTE: '0' });
afterAll(() => app[Symbol.asyncDispose]());

const erase = ({ trpc, password }: Person) => trpc.user.erase.mutate({ password, confirmation: 'erase' });
async function signUpAll(...names: [string, string, string]): Promise<[Person, Person, Person]> {
  const [one, two, three] = names;
  return [await app.signUp(one), await app.signUp(two), await app.signUp(three)];
}
const inTime = () => AbortSignal.timeout(60_000);
const messagesOf = (userId: string) =>
  app.database.query('select 1 from messages where sender_id = $1 and (body is not null or deleted_at is null)', [
    userId,
  ]);
const placesOf = (userId: string) =>
  app.database.query(
    `select 1 from workspace_members where user_id = $1 and left_seq is null
     union all select 1 from chat_members m join chats c on c.id = m.chat_id join workspaces w on w.id = c.workspace_id
     where m.user_id = $1 and m.left_seq is null and w.deleted_at is null`,
    [userId],
  );
const isWiped = async (userId: string) =>
  (await app.database.query('select 1 from users where id = $1 and wiped_at is not null', [userId])).length === 1;

/** The tables that contain this text in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await app.database.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const found = [];
  for (const { name } of tables)
    if ((await app.database.query(`select from ${name} t where t::text ilike $1`, [`%${text}%`])).length > 0)
      found.push(name);
  return found;
}

test('an erasure removes the person and everything that they wrote, with events for everyone', async () => {
  const { owen, ada, workspace, chat } = await app.chatOf('owen', 'ada');
  const chatId = chat.id;
  await ada.trpc.user.update.mutate({ fullName: 'Ada Canary', avatarUrl: 'https://canary.example.com/a.png' });
  const bound = { workspaceId: workspace.id, role: 'Member' as const, email: ada.email };
  const invite = await owen.trpc.workspace.invite.mutate(bound);
  const sent = [];
  for (const content of ['one', 'two']) sent.push(await ada.trpc.message.send.mutate({ chatId, content }));
  const reply = await owen.trpc.message.send.mutate({ chatId, content: 'a reply' });
  const reaction = { chatId, messageId: reply.id, emoji: '👍' };
  await ada.trpc.message.react.mutate(reaction);
  await ada.trpc.message.react.mutate({ ...reaction, emoji: '🎉' });
  const { reactions } = await owen.trpc.message.react.mutate(reaction);
  expect(reactions).toHaveLength(2);
  await ada.trpc.message.pin.mutate({ chatId, messageId: reply.id });
  await ada.trpc.message.save.mutate({ chatId, messageId: reply.id });
  await owen.trpc.message.save.mutate({ chatId, messageId: reply.id });
  await totpOf(app, ada);
  const [{ id: sessionId } = { id: '' }] = (await ada.trpc.auth.sessions.query()).sessions;
  await ada.trpc.auth.renameSession.mutate({ sessionId, name: 'canary’s phone' });
  await owen.trpc.message.save.mutate({ chatId, messageId: sent[0]?.id ?? '' });
  const inThread = { chatId, content: 'in a thread', threadId: reply.id };
  sent.push(await ada.trpc.message.send.mutate(inThread));
  await owen.trpc.message.send.mutate({ ...inThread, content: 'of another' });
  const own = await ada.trpc.chat.create.mutate({
    workspaceId: workspace.id,
    chatType: 'Group',
    name: 'of ada',
    memberIds: [owen.id],
  });
  const before = (await app.events()).length;

  await erase(ada);

  expect(await refusal(ada.trpc.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  const events = (await app.events()).slice(before).map(({ kind, chatId: of, subjectId }) => ({ kind, of, subjectId }));
  expect(events).toEqual([
    { kind: 'user.updated', of: null, subjectId: ada.id },
    { kind: 'session.revoked', of: null, subjectId: expect.any(String) },
    ...[chatId, own.id].map((of) => ({ kind: 'member.left', of, subjectId: ada.id })),
    { kind: 'member.updated', of: own.id, subjectId: owen.id },
    { kind: 'workspace.memberLeft', of: null, subjectId: ada.id },
    ...[1, 2].map(() => ({ kind: 'message.reacted', of: chatId, subjectId: reply.id })),
    ...sent.map(({ id }) => ({ kind: 'message.deleted', of: chatId, subjectId: id })),
  ]);
  expect(await owen.trpc.message.list.query({ chatId })).toMatchObject({
    messages: [
      {
        id: reply.id,
        pinnedAt: expect.any(Date),
        reactions: [{ emoji: '👍', count: 1, userIds: [owen.id] }],
        thread: { replyCount: 1, lastNumber: 2 },
      },
    ],
    hasMore: false,
  });
  expect(await app.database.query('select 1 from thread_follows where user_id = $1', [ada.id])).toEqual([]);
  for (const table of ['totp_factors', 'recovery_codes', 'signin_challenges'])
    expect(await app.database.query(`select 1 from ${table} where user_id = $1`, [ada.id])).toEqual([]);
  expect(await app.database.query('select user_id from pins')).toEqual([{ user_id: null }]);
  // Her messages are gone from what owen saved.
  expect(await app.database.query('select user_id, message_id from saved_messages')).toEqual([
    { user_id: owen.id, message_id: reply.id },
  ]);
  expect((await owen.trpc.chat.get.query({ chatId: own.id })).role).toBe('Owner');
  expect((await owen.trpc.workspace.members.query({ workspaceId: workspace.id })).members).toHaveLength(1);
  const { invites } = await owen.trpc.workspace.invites.query({ workspaceId: workspace.id });
  expect(invites.map(({ id }) => id)).not.toContain(invite.id);
  for (const trace of ['canary', 'ada@']) expect(await tablesWith(trace)).toEqual([]);
  expect(await app.database.query('select 1 from sessions where user_id = $1 and ip is not null', [ada.id])).toEqual(
    [],
  );
  const { entries } = await owen.trpc.workspace.auditLog.query({ workspaceId: workspace.id });
  expect(entries).toContainEqual(expect.objectContaining({ action: 'account.erased', actorId: ada.id, address: null }));
  expect(entries.filter(({ actorId, address }) => actorId === ada.id && address !== null)).toEqual([]);
  expect(await isWiped(ada.id)).toBe(true);
  expect(await brokenRules(app.database)).toEqual({});

  const again = await app.anonymous.auth.signup.mutate({ email: ada.email, password: ada.password, fullName: 'ada' });
  expect(again.id).not.toBe(ada.id);
  await expect(reinstateUser(app.deps, ada.id)).rejects.toMatchObject({ reason: 'user_not_found' });
});

test('an erasure needs the password and the word, and another owner of shared workspaces', async () => {
  const { lone, kim, workspace } = await app.workspaceOf('lone', 'kim');
  const before = (await app.events()).length;
  const wrong = { password: 'a guess', confirmation: 'erase' as const };
  expect(await refusal(lone.trpc.user.erase.mutate(wrong))).toMatchObject({ reason: 'wrong_password' });
  const unsaid = { password: lone.password, confirmation: 'yes' as 'erase' };
  expect(await refusal(lone.trpc.user.erase.mutate(unsaid))).toMatchObject({ reason: 'invalid_input' });
  expect(await refusal(erase(lone))).toMatchObject({ code: 'CONFLICT', reason: 'last_owner' });
  expect(await refusal(app.anonymous.user.erase.mutate(wrong))).toMatchObject({ reason: 'not_signed_in' });
  expect((await app.events()).length).toBe(before);
  expect(await lone.trpc.user.me.query()).toMatchObject({ fullName: 'lone', status: 'Active' });
  await lone.trpc.workspace.setRole.mutate({ workspaceId: workspace.id, userId: kim.id, role: 'Owner' });
  await erase(lone);
  expect((await kim.trpc.workspace.members.query({ workspaceId: workspace.id })).members).toMatchObject([
    { user: { id: kim.id }, role: 'Owner' },
  ]);
  // No one else is in it any more: it is deleted with its Owner.
  await erase(kim);
  expect((await app.events()).filter(({ kind }) => kind === 'workspace.deleted')).toMatchObject([
    { workspaceId: workspace.id },
  ]);
  expect(await brokenRules(app.database)).toEqual({});
});

test('an interrupted erasure continues, in batches of 500', async () => {
  const { olga, max, chat } = await app.chatOf('olga', 'max');
  const ids = Array.from({ length: 1_111 }, () => randomUUID());
  await app.database.query(
    `select from send_batch(array_fill($1::uuid, array[$4::int]), array_fill($2::uuid, array[$4::int]), $3::uuid[], $3::uuid[],
       array_fill('\\x00'::bytea, array[$4::int]), array_fill('\\x00'::bytea, array[$4::int]), null, 'brief', 0)`,
    [chat.id, max.id, ids, ids.length],
  );
  await closeAccount({ deps: app.deps }, max.id);
  await wipeAccount(app.deps, max.id, AbortSignal.abort());
  expect(await placesOf(max.id)).toHaveLength(2);
  expect(await messagesOf(max.id)).toHaveLength(1_111);
  expect(await closeAccount({ deps: app.deps }, max.id)).toEqual([]);
  await Promise.all([wipeErased(app.deps, inTime()), wipeErased(app.deps, inTime())]);
  expect(await placesOf(max.id)).toEqual([]);
  expect(await messagesOf(max.id)).toEqual([]);
  const events = (await app.events()).filter((event) => event.chatId === chat.id && event.kind === 'message.deleted');
  expect(events).toHaveLength(1_111);
  const perTransaction = await app.database.query<{ rows: number }>(
    'select count(*)::int as rows from event_log where chat_id = $1 and code = 3 group by xid order by min(id)',
    [chat.id],
  );
  expect(perTransaction).toEqual([{ rows: 500 }, { rows: 500 }, { rows: 111 }]);
  const row = await olga.trpc.chat.get.query({ chatId: chat.id });
  expect(row).toMatchObject({ lastNumber: 1_111, unreadCount: 1_111, lastMessage: { content: '', senderName: '' } });
  expect(await brokenRules(app.database)).toEqual({});
});

test('invitations of an Owner end with the account, not with the end of the wiping', async () => {
  const [ann, ben, cy] = await signUpAll('ann', 'ben', 'cy');
  const { id: workspaceId } = await stagedWorkspace(ann, { Owner: [ben] });
  const { token } = await ben.trpc.workspace.invite.mutate({ workspaceId, role: 'Owner' });
  await closeAccount({ deps: app.deps }, ben.id);
  expect(await refusal(cy.trpc.workspace.acceptInvite.mutate({ token }))).toMatchObject({ reason: 'invite_not_found' });
  await wipeErased(app.deps, inTime());
});

test('an account that cannot be wiped does not stop others from being wiped', async () => {
  const [stuck, next, olaf] = await signUpAll('stuck', 'next', 'olaf');
  await stagedWorkspace(olaf, { Member: [stuck, next] });
  for (const { id } of [stuck, next]) await closeAccount({ deps: app.deps }, id);
  await app.database.query(
    `alter table event_log add constraint refuses check (subject_id <> '${stuck.id}') not valid`,
  );
  await wipeErased(app.deps, inTime());
  expect([await isWiped(stuck.id), await isWiped(next.id)]).toEqual([false, true]);
  await app.database.query('alter table event_log drop constraint refuses');
  await wipeErased(app.deps, inTime());
  expect(await isWiped(stuck.id)).toBe(true);
});

test('an erasure races sends, a new membership, a sign-in and another erasure', async () => {
  const another = await app.another();
  for (let round = 0; round < 3; round++) {
    const [paula, rex, sue] = await signUpAll(`paula${round}`, `rex${round}`, `sue${round}`);
    const { id: workspaceId } = await stagedWorkspace(paula, { Member: [rex] });
    const elsewhere = await sue.trpc.workspace.create.mutate({ name: 'elsewhere' });
    const way = { workspaceId: elsewhere.id, role: 'Owner' as const, maxUses: 5 };
    const { token } = await sue.trpc.workspace.invite.mutate(way);
    const group = (memberIds: string[]) => ({ workspaceId, chatType: 'Group' as const, name: 'a group', memberIds });
    const chat = await paula.trpc.chat.create.mutate(group([rex.id]));
    const other = await paula.trpc.chat.create.mutate(group([]));
    // The same session, at a server that does not know of its end yet.
    const late = another.client({ authorization: `Bearer ${rex.session.token}` });
    const calls = [
      erase(rex),
      erase(rex),
      ...Array.from({ length: 4 }, (_, n) => late.message.send.mutate({ chatId: chat.id, content: `late ${n}` })),
      paula.trpc.chat.addMembers.mutate({ chatId: other.id, userIds: [rex.id] }),
      late.workspace.acceptInvite.mutate({ token }),
      late.workspace.create.mutate({ name: 'a way back' }),
      late.user.update.mutate({ fullName: 'Rex Again' }),
      late.chat.create.mutate(group([paula.id])),
    ];
    await Promise.allSettled(calls);
    await wipeErased(app.deps, inTime());
    const [account] = await app.database.query('select full_name, erased_at from users where id = $1', [rex.id]);
    expect(account).toEqual({ full_name: '', erased_at: expect.any(Date) });
    expect(await placesOf(rex.id)).toEqual([]);
    expect(await messagesOf(rex.id)).toEqual([]);
    expect(await isWiped(rex.id)).toBe(true);
    expect(await brokenRules(app.database)).toEqual({});
  }
});

test('of two Owners who leave at once, one stays or the workspace is deleted', async () => {
  for (const way of ['leaves', 'erases'] as const) {
    const [uma, vic, tom] = await signUpAll(`uma-${way}`, `vic-${way}`, `tom-${way}`);
    const { id: workspaceId } = await stagedWorkspace(uma, { Owner: [vic], Member: [tom] });
    const goes = way === 'leaves' ? vic.trpc.workspace.leave.mutate({ workspaceId }) : erase(vic);
    const results = await Promise.allSettled([erase(uma), goes]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await wipeErased(app.deps, inTime());
    expect(await tom.trpc.workspace.get.query({ workspaceId })).toMatchObject({ role: 'Member' });
    expect(await brokenRules(app.database)).toEqual({});
  }
});

test('an erasure is announced where the person was before, also to Guests of chats that they left', async () => {
  const [eva, finn, gus] = await signUpAll('eva', 'finn', 'gus');
  const [left, gone, present] = [
    await stagedWorkspace(eva, { Member: [finn], Guest: [gus] }),
    await stagedWorkspace(eva, { Member: [finn] }),
    await stagedWorkspace(eva, { Member: [finn], Guest: [gus] }),
  ];
  const chatIn = async ({ id: workspaceId }: typeof left, chatType: 'Single' | 'Group', ...others: Person[]) => {
    const memberIds = others.map(({ id }) => id);
    return (await eva.trpc.chat.create.mutate({ workspaceId, chatType, name: 'a chat', memberIds })).id;
  };
  await chatIn(left, 'Group', finn);
  const past = await chatIn(left, 'Group', finn, gus);
  const quit = await chatIn(present, 'Group', finn, gus);
  await eva.trpc.workspace.removeMember.mutate({ workspaceId: left.id, userId: finn.id });
  await finn.trpc.workspace.leave.mutate({ workspaceId: gone.id });
  await eva.trpc.workspace.delete.mutate({ workspaceId: gone.id });
  await finn.trpc.chat.leave.mutate({ chatId: quit });
  const before = (await app.events()).length;

  await erase(finn);

  const told = (await app.events()).slice(before).filter(({ kind }) => kind === 'user.updated');
  expect(told.map(({ workspaceId, facts }) => ({ workspaceId, facts }))).toEqual([
    { workspaceId: present.id, facts: { sharedChats: { [quit]: expect.any(Number) } } },
    { workspaceId: left.id, facts: { sharedChats: { [past]: expect.any(Number) } } },
  ]);
  expect(await brokenRules(app.database)).toEqual({});
});
