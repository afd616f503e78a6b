import { afterAll, describe, expect, test } from 'vitest';
import { appWithKey } from '../testing/app-with-key.ts';
import { refusal } from '../testing/index.ts';

const scene = await appWithKey();
const { app, issuers, admin, keyId, person, asPerson, workspaceOf } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

describe('people', () => {
  test('are the same who sign in with a token of the issuer', async () => {
    const { id } = await person('both');
    const token = await issuers.token({ sub: 'both', name: 'Other' });
    expect(await app.anonymous.auth.exchange.mutate({ token })).toMatchObject({ id, fullName: 'both' });
  });

  test('are updated with an event; missing keys stay, null removes', async () => {
    await workspaceOf('changing', 'eve');
    const avatarUrl = 'https://example.com/e.png';
    expect(await person('eve', { fullName: 'Eve', avatarUrl })).toMatchObject({ fullName: 'Eve', avatarUrl });
    expect(await person('eve', { fullName: 'Eve' })).toMatchObject({ avatarUrl });
    expect(await person('eve', { fullName: 'Eve', avatarUrl: null })).toMatchObject({ avatarUrl: null });
    const { id } = await person('eve', { fullName: 'Eve' });
    const events = (await app.events()).filter(({ kind, subjectId }) => kind === 'user.updated' && subjectId === id);
    // Named, given a picture, and it removed: three changes, and repeats are none.
    expect(events.map(({ workspaceId }) => workspaceId !== null)).toEqual([true, true]);
  });

  test('have an unverified address, never one that another account holds, and never in place of a verified one', async () => {
    const owner = await app.signUp('holder');
    expect(await refusal(person('mail-1', { email: owner.email.toUpperCase() }))).toMatchObject({
      reason: 'email_taken',
    });
    await person('mail-2', { email: 'mail-2@example.com' });
    expect(await refusal(person('mail-2', { email: owner.email }))).toMatchObject({ reason: 'email_taken' });
    const me = async () => (await asPerson('mail-2')).user.me.query();
    expect(await me()).toMatchObject({ email: 'mail-2@example.com', emailVerifiedAt: null });
    await app.signUp('mail-2');
    await person('mail-2', { email: null });
    expect(await me()).toMatchObject({ email: null });
    const audit = await app.database.query(
      `select details ->> 'serviceKeyId' as key from audit_log join identities i using (user_id)
       where i.subject = 'mail-2' and action = 'account.emailChanged'`,
    );
    expect(audit).toEqual([{ key: keyId }]);
    await app.database.query(
      `update users set email = 'proved@example.com', email_verified_at = now(), holds_email = true
       from identities i where i.user_id = users.id and i.subject = 'mail-2'`,
    );
    await person('mail-2', { email: 'other@example.com' });
    expect(await me()).toMatchObject({ email: 'proved@example.com', emailVerifiedAt: expect.any(Date) });
  });

  test('two concurrent calls create one', async () => {
    const both = await Promise.all([person('racing'), person('racing')]);
    expect(both[0].id).toBe(both[1].id);
  });

  test('are suspended and reinstated; their sessions end', async () => {
    await workspaceOf('of-sam', 'sam');
    const members = [{ externalId: 'sam', role: 'Owner' as const }];
    await admin.upsertChat.mutate({ externalId: 'sams', workspace: 'of-sam', name: 'S', chatType: 'Group', members });
    const sam = await asPerson('sam');
    const ref = { externalId: 'sam' };
    expect(await admin.suspendUser.mutate(ref)).toMatchObject({ status: 'Suspended' });
    expect(await admin.suspendUser.mutate(ref)).toMatchObject({ status: 'Suspended' });
    expect(await refusal(sam.user.me.query())).toMatchObject({ reason: 'session_revoked' });
    expect(await refusal(admin.createSession.mutate(ref))).toMatchObject({ reason: 'account_suspended' });
    const post = () => admin.sendMessage.mutate({ as: 'sam', chat: 'sams', content: 'x' });
    expect(await refusal(post())).toMatchObject({ reason: 'account_suspended' });
    expect(await admin.reactivateUser.mutate(ref)).toMatchObject({ status: 'Active' });
    expect(await (await asPerson('sam')).user.me.query()).toMatchObject({ fullName: 'sam' });
    expect(await post()).toMatchObject({ content: 'x' });
  });

  test('are created again as others after an erasure; a last Owner is not erased', async () => {
    const workspaceId = await workspaceOf('left', 'erin', 'finn');
    const erin = { externalId: 'erin' };
    expect(await refusal(admin.eraseUser.mutate(erin))).toMatchObject({ reason: 'last_owner' });
    const roles = {
      workspace: 'left',
      members: [{ externalId: 'finn', role: 'Owner' as const }],
      mode: 'add' as const,
    };
    expect(await admin.setMembers.mutate(roles)).toEqual({ added: 0, changed: 1, removed: 0 });
    const { id } = await person('erin');
    expect(await admin.eraseUser.mutate(erin)).toMatchObject({ id, fullName: '', status: 'Suspended' });
    expect(await refusal(admin.eraseUser.mutate(erin))).toMatchObject({ reason: 'user_not_found' });
    expect((await person('erin')).id).not.toBe(id);
    const { members } = await (await asPerson('finn')).workspace.members.query({ workspaceId });
    expect(members.map(({ user }) => user.name)).toEqual(['finn']);
  });
});
