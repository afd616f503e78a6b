import { newKeyText } from '@fechatter/service-kit';
import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { createServiceKeys } from '../identity/service-keys.ts';
import { appWithKey } from '../testing/app-with-key.ts';
import { rawCall, refusal } from '../testing/index.ts';
import { listServiceKeys } from './operate-service-keys.ts';

const scene = await appWithKey();
const { app, admin, keyId, newKey, withKey, person, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

describe('a key', () => {
  const ref = { externalId: 'ada' };

  test('missing or wrong is refused like an unknown path', async () => {
    const { trpc } = await app.signUp('curious');
    for (const client of [app.anonymous, trpc])
      expect(await refusal(client.admin.createSession.mutate(ref))).toMatchObject({ reason: 'route_not_found' });
    for (const wrong of [`fcs_${'A'.repeat(43)}`, 'fcs_', `fcs_${'A'.repeat(500)}`])
      expect(await refusal(withKey(wrong).createSession.mutate(ref))).toMatchObject({ reason: 'token_invalid' });
    // The input is validated after the key.
    const bad = await rawCall(app.url, 'admin.createSession', {});
    expect(bad.status).toBe(404);
  });

  test('authorises nothing else', async () => {
    const { key } = await newKey();
    const client = app.client({ authorization: `Bearer ${key}` });
    expect(await refusal(client.user.me.query())).toMatchObject({ reason: 'token_invalid' });
  });

  test('is limited to its scopes', async () => {
    const { key } = await newKey(undefined, ['messages']);
    const client = withKey(key);
    expect(await refusal(client.createSession.mutate(ref))).toMatchObject({ reason: 'scope_missing' });
    expect(await refusal(client.sendMessage.mutate({ as: 'x', chat: 'y', content: 'z' }))).toMatchObject({
      reason: 'user_not_found',
    });
  });

  test('of another issuer sees nothing of this one, with the same external ids', async () => {
    await workspaceOf('mine', 'tom');
    await admin.upsertChat.mutate({
      externalId: 'ticket-1',
      workspace: 'mine',
      name: 'T',
      chatType: 'Group',
      members: [{ externalId: 'tom', role: 'Owner' }],
    });
    const theirs = withKey((await newKey('another')).key);
    expect(await refusal(theirs.createSession.mutate({ externalId: 'tom' }))).toMatchObject({
      reason: 'user_not_found',
    });
    const own = await theirs.upsertUser.mutate({ externalId: 'tom', fullName: 'Another Tom' });
    expect(own.id).not.toBe((await person('tom')).id);
    const members = [{ externalId: 'tom', role: 'Owner' as const }];
    expect(await refusal(theirs.setMembers.mutate({ workspace: 'mine', members, mode: 'add' }))).toMatchObject({
      reason: 'workspace_not_found',
    });
    const sent = theirs.sendMessage.mutate({ as: 'tom', chat: 'ticket-1', content: 'x' });
    expect(await refusal(sent)).toMatchObject({ reason: 'chat_not_found' });
  });

  test('leaves one line a day in the audit log of a workspace for a person as whom it sends in a chat', async () => {
    const workspaceId = await workspaceOf('told', 'uma', 'val');
    const members = ['uma', 'val'].map((externalId) => ({ externalId, role: 'Owner' as const }));
    const chat = { externalId: 'told-1', workspace: 'told', name: 'T', chatType: 'Group' as const, members };
    const { id: chatId } = await admin.upsertChat.mutate(chat);
    for (const as of ['uma', 'uma', 'val']) await admin.sendMessage.mutate({ as, chat: 'told-1', content: 'x' });
    // Another server does not remember, but the database does.
    await using other = await app.another();
    const { key, id } = await newKey();
    for (const { url } of [app, other])
      await rawCall(
        url,
        'admin.sendMessage',
        { as: 'uma', chat: 'told-1', content: 'x' },
        { authorization: `Bearer ${key}` },
      );
    const lines = await app.database.query(
      `select details ->> 'serviceKeyId' as key, user_id as "userId", details ->> 'chatId' as "chatId"
       from audit_log where scope_id = $1 and action = 'message.sentByKey' order by id`,
      [workspaceId],
    );
    const [uma, val] = [(await person('uma')).id, (await person('val')).id];
    expect(lines).toEqual([
      { key: keyId, userId: uma, chatId },
      { key: keyId, userId: val, chatId },
      { key: id, userId: uma, chatId },
    ]);
  });

  test('of an issuer that is a provider is refused, because it would sign in as people who linked it', async () => {
    const issuer = 'https://id.example.com';
    const { key } = await newKey(issuer);
    const provider = { id: 'corp', name: 'Corp', issuer, clientId: 'c' };
    await using other = await app.another({ FECHATTER_AUTH_PROVIDERS: JSON.stringify([provider]) });
    const call = (url: string) =>
      rawCall(url, 'admin.createSession', ref, { authorization: `Bearer ${key}` }).then(({ status }) => status);
    expect([await call(app.url), await call(other.url)]).toEqual([404, 401]);
  });

  test('is looked up only until an address has given 60 wrong ones in a minute, unless it was found lately', async () => {
    const keys = createServiceKeys(app.db, app.deps.config, () => 0);
    const [lately, unknown] = [await newKey('lately'), await newKey('unknown')];
    const attacker = (n: number) => `2001:db8::${n}`;
    expect(await keys.find(lately.key, attacker(1))).toMatchObject({ id: lately.id });
    for (let n = 1; n <= 60; n++) expect(await keys.find(newKeyText('fcs', randomUUID()), attacker(n))).toBeUndefined();
    for (const key of [newKeyText('fcs', randomUUID()), unknown.key])
      await expect(keys.find(key, attacker(99))).rejects.toMatchObject({ reason: 'rate_limited' });
    expect((await listServiceKeys(app.db)).find(({ id }) => id === unknown.id)?.lastUsedAt).toBeNull();
    expect(await keys.find(lately.key, attacker(1))).toMatchObject({ id: lately.id });
    expect(await keys.find(unknown.key, '192.0.2.1')).toMatchObject({ id: unknown.id });
  });

  test('has its own rate limit, and records when it was used', async () => {
    await using limited = await app.another({ FECHATTER_LIMITS_SERVICE_KEY_CALLS_PER_MINUTE: '1' });
    const { key, id } = await newKey('limited');
    const call = () => rawCall(limited.url, 'admin.createSession', ref, { authorization: `Bearer ${key}` });
    const [first, second] = [await call(), await call()];
    expect([first.status, second.status]).toEqual([404, 429]);
    expect([first, second].map(({ headers }) => headers.get('ratelimit-limit'))).toEqual(['1', '1']);
    expect((await listServiceKeys(app.db)).find((one) => one.id === id)?.lastUsedAt).toBeInstanceOf(Date);
  });
});
