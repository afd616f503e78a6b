import { refusal, signedIn } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import { mailedAccounts, spent, typed } from '../testing/mailed-accounts.ts';

const scene = await mailedAccounts();
afterAll(() => scene[Symbol.asyncDispose]());
const { app, auth, host, mailTo, tokenOf, proved } = scene;

test('sign-up does not reveal whether an address has an account: only the mail does, and until verification nothing else differs', async () => {
  const hal = await proved('hal');
  const before = host.mailsTo(hal.email).length;
  const input = (email: string) => ({ email, password: 'a password of somebody', fullName: 'Somebody' });
  const [taken, free] = [
    await auth.signup.mutate(input(hal.email)),
    await auth.signup.mutate(input('ivy@example.com')),
  ];
  expect(Object.keys(taken)).toEqual(Object.keys(free));
  expect([taken.email, taken.id === hal.id]).toEqual([hal.email, false]);
  const probes = async ({ email: claimed, deviceToken, token }: typeof taken) => {
    const email = claimed ?? '';
    const elsewhere = await refusal(auth.signin.mutate({ email, password: 'a password of somebody' }));
    const here = await auth.signin.mutate({ email, password: 'a password of somebody', deviceToken });
    const me = await signedIn(app.url, { token }).user.me.query();
    return {
      elsewhere,
      here: Object.keys(here),
      isSame: here.id === me.id,
      email: me.email === email,
      proved: me.emailVerifiedAt,
    };
  };
  const [ofTaken, ofFree] = [await probes(taken), await probes(free)];
  expect({ ...ofTaken, elsewhere: ofTaken.elsewhere?.reason }).toEqual({
    ...ofFree,
    elsewhere: ofFree.elsewhere?.reason,
  });
  expect(ofTaken).toMatchObject({ elsewhere: { reason: 'wrong_credentials' }, isSame: true, proved: null });
  const received = await mailTo(hal.email, before + 1);
  expect([received.subject, received.link]).toEqual(['You have an account at Fechatter', undefined]);
  expect((await mailTo('ivy@example.com')).link).toContain('/#/verify?token=');
  // hal neither blocks a person nor is blocked.
  expect(await auth.signin.mutate(typed(hal))).toMatchObject({ id: hal.id });
  await auth.verifyEmail.mutate({ token: await tokenOf('ivy@example.com') });
  expect(await auth.signin.mutate({ email: 'ivy@example.com', password: 'a password of somebody' })).toMatchObject({
    id: free.id,
  });
});

test('an account that was prepared with another person’s address is never given to the owner, who gets a new one', async () => {
  const email = 'victim@example.com';
  const attacker = await auth.signup.mutate({ email, password: 'the attacker knows it', fullName: 'Mallory' });
  const attackersLink = await tokenOf(email);
  const victim = await auth.signup.mutate({ email, password: 'the victim alone knows it', fullName: 'Victor' });
  const token = await tokenOf(email, 2);
  await auth.verifyEmail.mutate({ token });
  expect(await auth.signin.mutate({ email, password: 'the victim alone knows it' })).toMatchObject({ id: victim.id });
  for (const { deviceToken } of [attacker, victim])
    expect(await refusal(auth.signin.mutate({ email, password: 'the attacker knows it', deviceToken }))).toMatchObject({
      reason: 'wrong_credentials',
    });
  expect(await refusal(signedIn(app.url, attacker).user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await refusal(auth.verifyEmail.mutate({ token: attackersLink }))).toMatchObject(spent);
  expect(
    (await app.database.query(`select action from audit_log where scope_id = $1 order by id`, [attacker.id])).at(-2),
  ).toEqual({ action: 'account.emailLost' });
});

test('the same applies to an account from before mail was sent: the person who verifies the address gets it', async () => {
  const email = 'early@example.com';
  const early = await auth.signup.mutate({ email, password: 'the first password', fullName: 'Early' });
  await app.database.query('update users set holds_email = true where id = $1', [early.id]);
  expect(await auth.signin.mutate({ email, password: 'the first password' })).toMatchObject({ id: early.id });
  await mailTo(email);
  const owner = await auth.signup.mutate({ email, password: 'the owner’s password', fullName: 'Owner' });
  // The person who has been using the account must not mistake this mail for one that lets them keep it.
  expect((await mailTo(email, 2)).subject).toBe('Another account at Fechatter wants your address');
  await signedIn(app.url, early).auth.requestVerification.mutate();
  expect((await mailTo(email, 3)).subject).toBe('Confirm your address at Fechatter');
  await auth.verifyEmail.mutate({ token: await tokenOf(email, 2) });
  expect(await refusal(auth.signin.mutate({ email, password: 'the first password' }))).toMatchObject({
    reason: 'wrong_credentials',
  });
  expect(await auth.signin.mutate({ email, password: 'the owner’s password' })).toMatchObject({ id: owner.id });
});

test('an address that an account has verified cannot be taken, not by a change either', async () => {
  const [jo, kim] = [await proved('jo'), await proved('kim')];
  await kim.trpc.auth.changeEmail.mutate({ newEmail: 'free@example.com', currentPassword: kim.password });
  const token = await tokenOf('free@example.com');
  await jo.trpc.auth.changeEmail.mutate({ newEmail: 'FREE@example.com', currentPassword: jo.password });
  await auth.verifyEmail.mutate({ token: await tokenOf('FREE@example.com') });
  expect(await refusal(auth.verifyEmail.mutate({ token }))).toMatchObject({
    reason: expect.stringMatching('token_spent|email_taken'),
  });
  expect(await kim.trpc.user.me.query()).toMatchObject({ email: kim.email });
  await kim.trpc.auth.changeEmail.mutate({ newEmail: 'free@example.com', currentPassword: kim.password });
  expect((await mailTo('free@example.com', 2)).link).toBeUndefined();
});

test('two accounts that verify each other’s addresses at once leave one account per address', async () => {
  const [lea, max] = [await proved('lea'), await proved('max')];
  await lea.trpc.auth.changeEmail.mutate({ newEmail: 'lea2@example.com', currentPassword: lea.password });
  await max.trpc.auth.changeEmail.mutate({ newEmail: 'max2@example.com', currentPassword: max.password });
  await app.database.query(`update mail_tokens set address = 'max2@example.com' where user_id = $1`, [lea.id]);
  const tokens = await Promise.all([tokenOf('lea2@example.com'), tokenOf('max2@example.com')]);
  await Promise.allSettled(tokens.map((token) => auth.verifyEmail.mutate({ token })));
  const holders = await app.database.query<{ holders: number }>(
    `select count(*)::int as holders from users where lower(email) = 'max2@example.com' and holds_email`,
  );
  expect(holders).toEqual([{ holders: 1 }]);
});

test('an erased account leaves no mail and no link, and an account with an unverified address takes nothing from its owner', async () => {
  const nina = await proved('nina');
  const { workspace } = await app.workspaceOf('host-of-nina');
  const owner = await app.database.query<{ id: string }>(`select id from users where full_name = 'host-of-nina'`);
  await app.database.query(
    `insert into workspace_invites (id, workspace_id, created_by, token_hash, role, email, max_uses, expires_at)
     values (gen_random_uuid(), $1, $2, '\\x01', 'Member', $3, 1, now() + interval '1 day')`,
    [workspace.id, owner[0]?.id, nina.email],
  );
  const claim = await auth.signup.mutate({ email: nina.email, password: 'a claim on it', fullName: 'X' });
  await signedIn(app.url, claim).user.erase.mutate({ password: 'a claim on it', confirmation: 'erase' });
  const open = () =>
    app.database.query('select from workspace_invites where email = $1 and revoked_at is null', [nina.email]);
  expect(await open()).toHaveLength(1);
  await auth.requestPasswordReset.mutate({ email: nina.email });
  await nina.trpc.user.erase.mutate({ password: nina.password, confirmation: 'erase' });
  expect(await open()).toHaveLength(0);
  const left = await app.database.query(
    'select from mail_tokens where user_id = $1 union all select from mail_jobs where user_id = $1 or address = $2',
    [nina.id, nina.email],
  );
  expect(left).toEqual([]);
});

test('a person who signs up by an invitation joins its workspace once the address is verified, and not before', async () => {
  const { boss, workspace } = await app.workspaceOf('boss');
  const invite = (email: string) =>
    boss.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Admin', email });
  const signup = (email: string, inviteToken: string) =>
    auth.signup.mutate({ email, password: 'a password of guests', fullName: 'Guest', inviteToken });
  const rolesIn = async () =>
    (await boss.trpc.workspace.members.query({ workspaceId: workspace.id })).members.map(({ role }) => role).toSorted();

  const { token, id: inviteId } = await invite('guest@example.com');
  const guest = await signup('guest@example.com', token);
  const asGuest = signedIn(app.url, guest);
  expect(await refusal(asGuest.workspace.acceptInvite.mutate({ token }))).toMatchObject({ reason: 'email_unverified' });
  const guests = await tokenOf('guest@example.com');
  // Another person who has the link, and who claims the same address, cannot use it.
  const thief = await signup('guest@example.com', token);
  expect(await refusal(signedIn(app.url, thief).workspace.acceptInvite.mutate({ token }))).toMatchObject({
    reason: 'email_unverified',
  });
  expect(await rolesIn()).toEqual(['Owner']);
  await auth.verifyEmail.mutate({ token: guests });
  expect(await rolesIn()).toEqual(['Admin', 'Owner']);
  expect((await asGuest.workspace.list.query()).workspaces).toMatchObject([{ id: workspace.id, role: 'Admin' }]);

  const late = await invite('late@example.com');
  await signup('late@example.com', late.token);
  await boss.trpc.workspace.revokeInvite.mutate({ workspaceId: workspace.id, inviteId: late.id });
  await auth.verifyEmail.mutate({ token: await tokenOf('late@example.com') });
  const other = await invite('other@example.com');
  await signup('mismatch@example.com', other.token);
  await auth.verifyEmail.mutate({ token: await tokenOf('mismatch@example.com') });
  expect(await rolesIn()).toEqual(['Admin', 'Owner']);
  const joined = await app.database.query<{ details: object }>(
    `select details from audit_log where scope_id = $1 and action = 'workspace.memberJoined' and actor_id = $2`,
    [workspace.id, guest.id],
  );
  expect(joined).toMatchObject([{ details: { inviteId } }]);
});

test('a person who resets the password before verifying the address joins that workspace too', async () => {
  const { head, workspace } = await app.workspaceOf('head');
  const { token: inviteToken } = await head.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member' });
  const email = 'forgetful@example.com';
  const { id } = await auth.signup.mutate({ email, password: 'soon forgotten', fullName: 'Forgetful', inviteToken });
  // An account from before mail was sent: it holds its address.
  await app.database.query('update users set holds_email = true where id = $1', [id]);
  await mailTo(email);
  await auth.requestPasswordReset.mutate({ email });
  await auth.resetPassword.mutate({ token: await tokenOf(email, 2), newPassword: 'never forgotten' });
  const { members } = await head.trpc.workspace.members.query({ workspaceId: workspace.id });
  expect(members.map(({ user }) => user.id)).toContain(id);
});

test('mails to changed addresses are limited per person, over all sessions', async () => {
  const pia = await proved('pia');
  const other = signedIn(app.url, await auth.signin.mutate(typed(pia)));
  const change = (client: typeof other, n: number) =>
    client.auth.changeEmail.mutate({ newEmail: `stranger-${n}@example.org`, currentPassword: pia.password });
  for (let n = 0; n < 5; n++) await change(pia.trpc, n);
  for (let n = 5; n < 10; n++) await change(other, n);
  for (const client of [pia.trpc, other])
    expect(await refusal(change(client, 10))).toMatchObject({ reason: 'rate_limited' });
});
