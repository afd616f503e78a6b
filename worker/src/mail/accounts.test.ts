import { refusal, signedIn } from '@fechatter/server/testing';
import { randomUUID } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { mailedAccounts, spent, typed } from '../testing/mailed-accounts.ts';
import { mailLink } from './mail-link.ts';

const scene = await mailedAccounts();
afterAll(() => scene[Symbol.asyncDispose]());
const { app, db, auth, host, mailTo, tokenOf, allSent, proved, auditOf } = scene;

test('a person who signs up verifies the address by the link of a mail, once', async () => {
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
  // The address is already confirmed, so nothing more is sent.
  await ada.trpc.auth.requestVerification.mutate();
  await allSent();
  expect(host.mailsTo(ada.email)).toHaveLength(1);
});

test('a verification mail can be requested again; a link is valid for half an hour, and using one ends the others', async () => {
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

test('a forgotten password is reset by a link: all sessions end, all devices become unknown, and the owner gets a mail', async () => {
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

test('of two concurrent uses of a link one succeeds, and a changed password ends earlier links', async () => {
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

test('requesting a password reset has the same response and timing for any address', async () => {
  const erin = await proved('erin');
  const frank = await proved('frank');
  await app.database.query(`update users set status = 'Suspended' where id = $1`, [frank.id]);
  await allSent();
  const before = host.mails.length;
  const statements = async (email: string) => {
    const rows = () =>
      app.database.query<{ key: string }>(`select key from rate_limits where key like 'mailToByNetwork:%'`);
    const known = (await rows()).length;
    expect(await auth.requestPasswordReset.mutate({ email })).toBeUndefined();
    return (await rows()).length - known;
  };
  // The call itself only writes one counter and one row, whether or not the account exists.
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

test('a changed address is effective once verified; the old one gets a mail, and its links are invalid', async () => {
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
  // The old address can be used again.
  expect(await auth.signup.mutate({ email: gil.email, password: 'correct horse', fullName: 'Gil II' })).toMatchObject({
    email: gil.email,
  });
});

test('a changed password ends a change of address that was requested before it', async () => {
  const ned = await proved('ned');
  const target = { purpose: 'verify', userId: ned.id, address: 'thief@example.org' } as const;
  await ned.trpc.auth.changeEmail.mutate({ newEmail: target.address, currentPassword: ned.password });
  const token = await tokenOf(target.address);
  const newPassword = 'what no thief knows';
  await ned.trpc.auth.changePassword.mutate({ currentPassword: ned.password, newPassword });
  expect(await refusal(auth.verifyEmail.mutate({ token }))).toMatchObject(spent);
  // A link that a worker was already writing when the password changed is not sent either.
  const mail = { id: randomUUID(), lease: randomUUID() };
  await app.database.query(
    `insert into mail_jobs (id, lease, kind, user_id, address, expires_at, due_at)
     values ($1, $2, 'verify', $3, $4, now() + interval '1 day', now() + interval '1 day')`,
    [mail.id, mail.lease, target.userId, target.address],
  );
  await ned.trpc.auth.changePassword.mutate({ currentPassword: newPassword, newPassword: 'another one yet' });
  expect(await mailLink(db, 'https://chat.example.org', target, mail)).toBeUndefined();
  expect(await app.database.query('select from mail_tokens where user_id = $1', [ned.id])).toEqual([]);
});

test('the owner of an account gets a mail about an attack once an hour, unless the address is unverified', async () => {
  const [oda, pit] = [await proved('oda'), await app.signUp('pit')];
  await mailTo(pit.email);
  const origin = { address: '203.0.113.1', requestId: null };
  for (const { id } of [oda, pit, oda]) app.deps.attacks.note(id, origin);
  await app.deps.attacks.settled();
  await allSent();
  expect(host.mailsTo(oda.email).map(({ subject }) => subject)).toEqual([
    'Confirm your address at Fechatter',
    'Someone is guessing your password at Fechatter',
  ]);
  expect(host.mailsTo(pit.email)).toHaveLength(1);
  expect((await auditOf(oda)).filter((action) => action === 'account.attacked')).toHaveLength(1);
});
