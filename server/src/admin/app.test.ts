import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { appWithKey } from '../testing/app-with-key.ts';
import { refusal } from '../testing/index.ts';

const scene = await appWithKey();
const { app, admin, keyId, asPerson, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

test('an app creates people and chats, and posts; its people see all of it', async () => {
  await workspaceOf('acme', 'system', 'ada', 'bob');
  const members = [
    { externalId: 'system', role: 'Owner' as const },
    { externalId: 'ada', role: 'Member' as const },
  ];
  const wanted = { externalId: 'ticket-1', workspace: 'acme', name: 'Ticket 1', chatType: 'Group' as const, members };
  const chat = await admin.upsertChat.mutate(wanted);
  expect(await admin.upsertChat.mutate(wanted)).toEqual(chat);
  const clientId = randomUUID();
  const send = { as: 'system', chat: 'ticket-1', content: 'Welcome, <@nobody>', clientId, data: '{"ticket":1}' };
  const sent = await admin.sendMessage.mutate(send);
  expect((await admin.sendMessage.mutate(send)).id).toBe(sent.id);
  expect(await refusal(admin.sendMessage.mutate({ ...send, content: 'other' }))).toMatchObject({
    reason: 'client_id_reused',
  });
  const ada = await asPerson('ada');
  const { messages } = await ada.message.list.query({ chatId: chat.id });
  expect(messages).toMatchObject([{ id: sent.id, content: send.content, data: send.data, sender: { name: 'system' } }]);
  expect(await refusal((await asPerson('bob')).message.list.query({ chatId: chat.id }))).toMatchObject({
    reason: 'chat_not_found',
  });
  expect(await refusal(admin.sendMessage.mutate({ ...send, as: 'bob', clientId: randomUUID() }))).toMatchObject({
    reason: 'chat_not_found',
  });
});

test('the audit log names the key as the actor, and no person', async () => {
  const workspaceId = await workspaceOf('audited', 'owner-a');
  const owner = await asPerson('owner-a');
  const { entries } = await owner.workspace.auditLog.query({ workspaceId });
  expect(entries.map(({ action, actorId, details }) => [action, actorId, details.serviceKeyId])).toEqual(
    expect.arrayContaining([
      ['workspace.created', null, keyId],
      ['workspace.memberJoined', null, keyId],
    ]),
  );
  const own = await app.database.query(
    `select action, details ->> 'serviceKeyId' as key from audit_log a join identities i on i.user_id = a.scope_id
     where i.subject = 'owner-a' order by a.id`,
  );
  expect(own).toEqual([
    { action: 'account.brought', key: keyId },
    { action: 'account.signedIn', key: keyId },
  ]);
});
