import { afterAll, describe, expect, test } from 'vitest';
import { appWithKey } from '../testing/app-with-key.ts';
import { rawCall, refusal } from '../testing/index.ts';
import { listServiceKeys } from './operate-service-keys.ts';

const scene = await appWithKey();
const { app, admin, newKey, withKey, person, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

describe('a key', () => {
  const ref = { externalId: 'ada' };

  test('without one there is nothing, whoever asks; a wrong one is no key', async () => {
    const { trpc } = await app.signUp('curious');
    for (const client of [app.anonymous, trpc])
      expect(await refusal(client.admin.createSession.mutate(ref))).toMatchObject({ reason: 'route_not_found' });
    for (const wrong of [`fcs_${'A'.repeat(43)}`, 'fcs_', `fcs_${'A'.repeat(500)}`])
      expect(await refusal(withKey(wrong).createSession.mutate(ref))).toMatchObject({ reason: 'token_invalid' });
    // The input is judged after the key.
    const bad = await rawCall(app.url, 'admin.createSession', {});
    expect(bad.status).toBe(404);
  });

  test('opens nothing else', async () => {
    const { key } = await newKey();
    const client = app.client({ authorization: `Bearer ${key}` });
    expect(await refusal(client.user.me.query())).toMatchObject({ reason: 'token_invalid' });
  });

  test('does what its scopes say', async () => {
    const { key } = await newKey(undefined, ['messages']);
    const client = withKey(key);
    expect(await refusal(client.createSession.mutate(ref))).toMatchObject({ reason: 'scope_missing' });
    expect(await refusal(client.sendMessage.mutate({ as: 'x', chat: 'y', content: 'z' }))).toMatchObject({
      reason: 'user_not_found',
    });
  });

  test('of another issuer sees nothing of this one, under the same names', async () => {
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

  test('has a limit of its own, and knows when it was used', async () => {
    await using limited = await app.another({ FECHATTER_LIMITS_SERVICE_KEY_CALLS_PER_MINUTE: '1' });
    const { key, id } = await newKey('limited');
    const call = () => rawCall(limited.url, 'admin.createSession', ref, { authorization: `Bearer ${key}` });
    const [first, second] = [await call(), await call()];
    expect([first.status, second.status]).toEqual([404, 429]);
    expect([first, second].map(({ headers }) => headers.get('ratelimit-limit'))).toEqual(['1', '1']);
    expect((await listServiceKeys(app.db)).find((one) => one.id === id)?.lastUsedAt).toBeInstanceOf(Date);
  });
});
