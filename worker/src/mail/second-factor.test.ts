import { refusal, totpOf } from '@fechatter/server/testing';
import { afterAll, expect, test } from 'vitest';
import { mailedAccounts, typed } from '../testing/mailed-accounts.ts';

const scene = await mailedAccounts();
afterAll(() => scene[Symbol.asyncDispose]());
const { app, auth, host, mailTo, tokenOf, allSent, proved } = scene;

const subjectsTo = async (address: string) => {
  await allSent();
  return host.mailsTo(address).map(({ subject }) => subject);
};

test('a second factor needs a verified address, and a password that is reset by mail does not get around it', async () => {
  const ada = await app.signUp('ada');
  expect(await refusal(ada.trpc.auth.totpBegin.mutate())).toMatchObject({ reason: 'email_unverified' });
  await auth.verifyEmail.mutate({ token: await tokenOf(ada.email) });
  const totp = await totpOf(app, ada);
  await allSent();
  await auth.requestPasswordReset.mutate({ email: ada.email });
  const token = (await mailTo(ada.email, (await subjectsTo(ada.email)).length)).token ?? '';
  await auth.resetPassword.mutate({ token, newPassword: 'a new password' });
  const refused = await refusal(auth.signin.mutate({ ...typed(ada), password: 'a new password' }));
  expect(refused).toMatchObject({ reason: 'second_factor_required' });
  const code = totp.recoveryCodes[0] ?? '';
  expect(await auth.secondFactor.mutate({ challenge: refused?.challenge ?? '', code })).toMatchObject({ id: ada.id });
  const subjects = await subjectsTo(ada.email);
  expect(subjects).toContain('Signing in at Fechatter needs more than your password now');
  expect(subjects).toContain('Someone signed in at Fechatter with a recovery code');
});

test('a second factor that was set before the address was verified is removed by the reset that verifies it', async () => {
  const eve = await app.signUp('victim');
  // As from before mail was switched on.
  await app.database.query('update users set holds_email = true, email_verified_at = now() where id = $1', [eve.id]);
  const totp = await totpOf(app, eve);
  await app.database.query('update users set email_verified_at = null where id = $1', [eve.id]);
  await allSent();
  const count = host.mailsTo(eve.email).length;
  await auth.requestPasswordReset.mutate({ email: eve.email });
  const token = await tokenOf(eve.email, count + 1);
  const challenge = (await refusal(auth.signin.mutate(typed(eve))))?.challenge ?? '';
  await auth.resetPassword.mutate({ token, newPassword: 'of the owner' });
  expect(await auth.signin.mutate({ email: eve.email, password: 'of the owner' })).toMatchObject({ id: eve.id });
  const late = auth.secondFactor.mutate({ challenge, code: totp.recoveryCodes[0] ?? '' });
  expect(await refusal(late)).toMatchObject({ reason: 'token_spent' });
});

test('guesses of the second factor with a known password are reported to the owner once', async () => {
  const bob = await proved('bob');
  const totp = await totpOf(app, bob);
  // With the limits of sign-ins off in this scene nothing is counted: the counts are set as after five wrong codes.
  app.deps.attacks.note(bob.id, { address: '203.0.113.9', requestId: 'a request' }, 'code');
  app.deps.attacks.note(bob.id, { address: '203.0.113.9', requestId: 'a request' }, 'code');
  await app.deps.attacks.settled();
  const received = (await subjectsTo(bob.email)).filter(
    (subject) => subject === 'Someone knows your password at Fechatter',
  );
  expect(received).toHaveLength(1);
  await bob.trpc.auth.totpRemove.mutate({ code: await totp.unusedCode() });
  expect(await subjectsTo(bob.email)).toContain('A second factor was removed from your account at Fechatter');
});
