import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { type Person, refusal, signedIn, testServer } from '@fechatter/server/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { afterAll, expect, test } from 'vitest';
import { mailHost } from '../testing/mail-host.ts';
import { runMail } from './run-mail.ts';
import { createMailTransport } from './transport.ts';

// Accounts as people keep them: a real server, a real mail host, and mails sent with the rights of a worker.

const host = await mailHost();
const settings = {
  ...host.env,
  FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0',
};
const app = await testServer(settings);
const access = accessOf(app.database, 'worker');
const db = openDatabase(access);
const stop = new AbortController();
const config = testConfig('worker', { FECHATTER_DATABASE_URL: access.url, ...settings });
const transport = createMailTransport(config) ?? expect.fail('mail is off');
const sending = runMail({ deps: { db, log: silentLog(), config }, transport, signal: stop.signal, pollMs: 50 });
afterAll(async () => {
  stop.abort();
  await sending.ended;
  await db.close();
  await app[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});
const { auth } = app.anonymous;

/** The `count`th mail to an address, and those before it. */
async function mailTo(address: string, count = 1) {
  await until(() => host.mailsTo(address).length >= count, `mail ${count} to ${address}`);
  return host.mailsTo(address)[count - 1] ?? expect.fail();
}
const tokenOf = async (address: string, count?: number) =>
  (await mailTo(address, count)).token ?? expect.fail('no link');
const allSent = () =>
  until(
    async () => (await app.database.query('select from mail_jobs where failed_at is null')).length === 0,
    'all are sent',
  );
async function proved(name: string): Promise<Person> {
  const person = await app.signUp(name);
  await auth.verifyEmail.mutate({ token: await tokenOf(person.email) });
  return person;
}
const auditOf = async ({ id }: Person) =>
  (
    await app.database.query<{ action: string }>('select action from audit_log where scope_id = $1 order by id', [id])
  ).map(({ action }) => action);
const spent = { code: 'BAD_REQUEST', reason: 'token_spent' };

test('whoever signs up proves the address by the link of a mail, once', async () => {
  const ada = await app.signUp('ada');
  expect(await ada.trpc.user.me.query()).toMatchObject({ emailVerifiedAt: null });
  const mail = await mailTo(ada.email);
  expect(mail.link).toMatch(/^https:\/\/chat\.example\.org\/app\/#\/verify\?token=[\w-]{22}$/);
  const token = mail.token ?? '';
  const stored =
    JSON.stringify(await app.database.query('select * from mail_tokens, mail_jobs')) +
    JSON.stringify(await app.database.query('select * from mail_tokens'));
  expect(stored).not.toContain(token);
  const { emailVerifiedAt } = await auth.verifyEmail.mutate({ token });
  expect(await ada.trpc.user.me.query()).toMatchObject({ emailVerifiedAt });
  expect(await auditOf(ada)).toEqual(['account.signedUp', 'account.emailVerified']);
  for (const bad of [token, '', 'made-up', `${token}A`, '\0'])
    expect(await refusal(auth.verifyEmail.mutate({ token: bad })), bad).toMatchObject(spent);
  // Proved already: nothing more is sent.
  await ada.trpc.auth.requestVerification.mutate();
  await allSent();
  expect(host.mailsTo(ada.email)).toHaveLength(1);
});

test('a mail to prove the address can be asked for again; a link is good for half an hour, and the first that is used ends the others', async () => {
  const bob = await app.signUp('bob');
  const first = await tokenOf(bob.email);
  await bob.trpc.auth.requestVerification.mutate();
  const second = await tokenOf(bob.email, 2);
  await app.database.query(
    `update mail_tokens set expires_at = expires_at - interval '31 minutes' where address = $1`,
    [bob.email],
  );
  for (const token of [first, second]) expect(await refusal(auth.verifyEmail.mutate({ token }))).toMatchObject(spent);
  await app.database.query(
    `update mail_tokens set expires_at = expires_at + interval '31 minutes' where address = $1`,
    [bob.email],
  );
  const both = await Promise.allSettled([first, second].map((token) => auth.verifyEmail.mutate({ token })));
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  for (let n = 0; n < 4; n++) await bob.trpc.auth.requestVerification.mutate();
  expect(await refusal(bob.trpc.auth.requestVerification.mutate())).toMatchObject({ reason: 'rate_limited' });
});

test('a forgotten password is set anew by a link: all sessions end, all devices are unknown, and the owner is told', async () => {
  const carol = await proved('carol');
  const other = signedIn(app.url, await auth.signin.mutate(typed(carol)));
  const count = (await allSent(), host.mailsTo(carol.email).length);
  await auth.requestPasswordReset.mutate({ email: carol.email.toUpperCase() });
  const mail = await mailTo(carol.email, count + 1);
  expect(mail.link).toContain('/#/reset?token=');
  const token = mail.token ?? '';
  expect(await refusal(auth.verifyEmail.mutate({ token }))).toMatchObject(spent);
  expect(await refusal(auth.resetPassword.mutate({ token, newPassword: 'password' }))).toMatchObject({
    reason: 'password_too_common',
  });
  await auth.resetPassword.mutate({ token, newPassword: 'a new password' });
  for (const client of [carol.trpc, other])
    expect(await refusal(client.user.me.query())).toMatchObject({ reason: 'session_revoked' });
  expect(await refusal(auth.signin.mutate(typed(carol)))).toMatchObject({ reason: 'wrong_credentials' });
  const back = await auth.signin.mutate({
    ...typed(carol),
    password: 'a new password',
    deviceToken: carol.session.deviceToken,
  });
  expect(app.deps.deviceTokens.decode(back.deviceToken)?.deviceId).not.toBe(
    app.deps.deviceTokens.decode(carol.session.deviceToken)?.deviceId,
  );
  expect(await refusal(auth.resetPassword.mutate({ token, newPassword: 'one more password' }))).toMatchObject(spent);
  await mailTo(carol.email, count + 3);
  const subjects = host.mailsTo(carol.email).map(({ subject }) => subject);
  expect(subjects).toContain('Your password at Fechatter was set anew');
  expect(await auditOf(carol)).toContain('account.passwordReset');
});

test('of two uses of one link at once one counts, and a changed password ends the links of before', async () => {
  const dan = await proved('dan');
  await auth.requestPasswordReset.mutate({ email: dan.email });
  const token = await tokenOf(dan.email, 2);
  const uses = await Promise.allSettled(
    ['first', 'second'].map((one) => auth.resetPassword.mutate({ token, newPassword: `the ${one} password` })),
  );
  expect(uses.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const password = `the ${uses[0]?.status === 'fulfilled' ? 'first' : 'second'} password`;
  await allSent();
  const before = host.mailsTo(dan.email).length;
  await auth.requestPasswordReset.mutate({ email: dan.email });
  const late = await tokenOf(dan.email, before + 1);
  const again = signedIn(app.url, await auth.signin.mutate({ email: dan.email, password }));
  await again.auth.changePassword.mutate({ currentPassword: password, newPassword: 'yet another password' });
  expect(await refusal(auth.resetPassword.mutate({ token: late, newPassword: 'a stolen password' }))).toMatchObject(
    spent,
  );
});

test('asking for a new password does and says the same for any address', async () => {
  const erin = await proved('erin');
  const frank = await proved('frank');
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [frank.id]);
  await allSent();
  const before = host.mails.length;
  const statements = async (email: string) => {
    const rows = () => app.database.query<{ key: string }>(`select key from rate_limits where key like 'mailTo:%'`);
    const known = (await rows()).length;
    expect(await auth.requestPasswordReset.mutate({ email })).toBeUndefined();
    return (await rows()).length - known;
  };
  // What is done at once is one count and one row, whether or not there is such an account.
  expect([await statements('nobody@example.com'), await statements('erin.other@example.com')]).toEqual([1, 1]);
  for (const email of ['no address', '', 'x@y\r\nBcc: z@example.com', '\0@example.com'])
    await auth.requestPasswordReset.mutate({ email });
  await auth.requestPasswordReset.mutate({ email: frank.email });
  await allSent();
  expect(host.mails).toHaveLength(before);
  for (let n = 0; n < 8; n++) await auth.requestPasswordReset.mutate({ email: erin.email });
  await allSent();
  // One of five went to erin at the sign-up.
  expect(host.mails).toHaveLength(before + 4);
});

test('a changed address holds once it is proved; the old one is told, and its links are good for nothing', async () => {
  const gil = await proved('gil');
  const newEmail = 'Gil.New@example.org';
  const wrong = gil.trpc.auth.changeEmail.mutate({ newEmail, currentPassword: 'a guess' });
  expect(await refusal(wrong)).toMatchObject({ reason: 'wrong_password' });
  await auth.requestPasswordReset.mutate({ email: gil.email });
  const oldLink = await tokenOf(gil.email, 2);
  await gil.trpc.auth.changeEmail.mutate({ newEmail: 'gil.first@example.org', currentPassword: gil.password });
  const superseded = await tokenOf('gil.first@example.org');
  await gil.trpc.auth.changeEmail.mutate({ newEmail, currentPassword: gil.password });
  expect((await mailTo(gil.email, 3)).subject).toContain('is to have another address');
  expect(await gil.trpc.user.me.query()).toMatchObject({ email: gil.email });
  const token = await tokenOf(newEmail);
  expect(await refusal(auth.verifyEmail.mutate({ token: superseded }))).toMatchObject(spent);
  await auth.verifyEmail.mutate({ token });
  expect(await gil.trpc.user.me.query()).toMatchObject({ email: newEmail, emailVerifiedAt: expect.any(Date) });
  expect((await mailTo(gil.email, 5)).subject).toContain('has another address');
  expect(await refusal(auth.resetPassword.mutate({ token: oldLink, newPassword: 'somebody else’s' }))).toMatchObject(
    spent,
  );
  expect(await refusal(auth.signin.mutate(typed(gil)))).toMatchObject({ reason: 'wrong_credentials' });
  expect(await auth.signin.mutate({ email: newEmail, password: gil.password })).toMatchObject({
    id: gil.id,
    email: newEmail,
  });
  // The old one is free.
  expect(await auth.signup.mutate({ email: gil.email, password: 'correct horse', fullName: 'Gil II' })).toMatchObject({
    email: gil.email,
  });
});

const typed = ({ email, password }: Person) => ({ email, password });

test('sign-up does not tell whether an address has an account: the mail does, and until it is proved nothing else differs', async () => {
  const hal = await proved('hal');
  const before = host.mailsTo(hal.email).length;
  const input = (email: string) => ({ email, password: 'a password of somebody', fullName: 'Somebody' });
  const [taken, free] = [
    await auth.signup.mutate(input(hal.email)),
    await auth.signup.mutate(input('ivy@example.com')),
  ];
  expect(Object.keys(taken)).toEqual(Object.keys(free));
  expect([taken.email, taken.id === hal.id]).toEqual([hal.email, false]);
  const probes = async ({ email, deviceToken, token }: typeof taken) => {
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
  const told = await mailTo(hal.email, before + 1);
  expect([told.subject, told.link]).toEqual(['You have an account at Fechatter', undefined]);
  expect((await mailTo('ivy@example.com')).link).toContain('/#/verify?token=');
  // hal is in nobody's way, and nobody is in theirs.
  expect(await auth.signin.mutate(typed(hal))).toMatchObject({ id: hal.id });
  await auth.verifyEmail.mutate({ token: await tokenOf('ivy@example.com') });
  expect(await auth.signin.mutate({ email: 'ivy@example.com', password: 'a password of somebody' })).toMatchObject({
    id: free.id,
  });
});

test('an account that somebody prepared under another one’s address is never handed over: the owner gets their own', async () => {
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

test('so it is with an account from before mail was sent: whoever proves the address has it', async () => {
  const email = 'early@example.com';
  const early = await auth.signup.mutate({ email, password: 'the first password', fullName: 'Early' });
  await app.database.query('update users set holds_email = true where id = $1', [early.id]);
  expect(await auth.signin.mutate({ email, password: 'the first password' })).toMatchObject({ id: early.id });
  await mailTo(email);
  const owner = await auth.signup.mutate({ email, password: 'the owner’s password', fullName: 'Owner' });
  await auth.verifyEmail.mutate({ token: await tokenOf(email, 2) });
  expect(await refusal(auth.signin.mutate({ email, password: 'the first password' }))).toMatchObject({
    reason: 'wrong_credentials',
  });
  expect(await auth.signin.mutate({ email, password: 'the owner’s password' })).toMatchObject({ id: owner.id });
});

test('an address that another account has proved is nobody else’s, by a change neither', async () => {
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

test('two who prove each other’s addresses at the same moment both end, and each address has one account', async () => {
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

test('an erased account leaves no mail and no link, and one that only claimed an address takes nothing from its owner', async () => {
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

test('whoever signs up by an invitation is in its workspace as soon as the address is proved, and not before', async () => {
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
  // Somebody else who has the link, and says that the address is theirs, gets no further.
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
