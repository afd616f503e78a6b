import { createAdmin, createFechatter, type FechatterClient, isFechatterError } from '@fechatter/client';

/** Everything that a person does with an account outside conversations. */
export async function useAccount(urls: { readonly serverUrl: string; readonly notifyUrl: string }): Promise<void> {
  const client = createFechatter(urls);
  const email = `carol-${crypto.randomUUID()}@example.com`;
  const [currentPassword, password] = ['correct horse battery staple', 'staple battery horse correct'];
  const { refreshToken } = await client.auth.signup.mutate({ email, password: currentPassword, fullName: 'Carol' });
  const next = await client.auth.refresh.mutate({ refreshToken });
  const expiresAt: Date = next.expiresAt;
  await client.auth.changePassword.mutate({ currentPassword, newPassword: password });
  await client.auth.signin.mutate({ email, password });
  // The links of these mails; an invented token is refused as used.
  await client.auth.requestVerification.mutate();
  await client.auth.requestPasswordReset.mutate({ email });
  await client.auth.changeEmail.mutate({ newEmail: `new-${email}`, currentPassword: password });
  await withoutKey(urls.serverUrl);
  await withoutProvider(client);
  const token = 'made-up';
  await client.auth.exchange.mutate({ token }).catch((error: unknown) => {
    if (!isFechatterError(error, 'token_invalid')) throw error;
  });
  for (const spent of [
    client.auth.verifyEmail.mutate({ token }),
    client.auth.resetPassword.mutate({ token, newPassword: password }),
  ])
    await spent.catch((error: unknown) => {
      if (!isFechatterError(error, 'token_spent')) throw error;
    });
  await client.auth.signoutOthers.mutate();
  const { sessions } = await client.auth.sessions.query();
  for (const { id, current } of sessions)
    if (current) await client.auth.renameSession.mutate({ sessionId: id, name: 'a terminal' });
  for (const { id } of sessions.filter(({ current }) => !current))
    await client.auth.revokeSession.mutate({ sessionId: id });
  await client.auth.signout.mutate();
  await client.auth.signin.mutate({ email, password });
  await client.auth.signoutAll.mutate();
  await client.auth.signin.mutate({ email, password });
  const { secret, url } = await client.auth.totpBegin.mutate();
  if (!url.includes(secret)) throw new Error('the secret is not the one of the QR code');
  for (const refused of [
    client.auth.totpConfirm.mutate({ code: 'not it' }),
    client.auth.secondFactor.mutate({ challenge: 'made-up', code: '000000' }),
    client.auth.totpRemove.mutate({ currentPassword: password }),
    client.auth.renewRecoveryCodes.mutate(),
  ])
    await refused.catch((error: unknown) => {
      if (!isFechatterError(error, 'token_spent', 'second_factor_off')) throw error;
      const challenge: string | undefined = error.data?.challenge;
      if (challenge !== undefined) throw new Error('a challenge without a sign-in');
    });
  const { totpAddedAt } = await client.auth.secondFactors.query();
  if (totpAddedAt !== null) throw new Error('an app that was never confirmed');
  const { options } = await client.auth.passkeyBegin.mutate();
  const asked = await client.auth.passkeySigninBegin.mutate();
  if (options.challenge === asked.options.challenge) throw new Error('one challenge for two');
  const made = {
    id: 'AAAA',
    rawId: 'AAAA',
    type: 'public-key',
    response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
  };
  const { passkeys } = await client.auth.passkeys.query();
  for (const refused of [
    client.auth.passkeyAdd.mutate({ passkey: made, name: 'a made-up one' }),
    client.auth.passkeySignin.mutate({ passkey: made }),
    client.auth.passkeyRemove.mutate({ passkeyId: passkeys[0]?.id ?? crypto.randomUUID() }),
  ])
    await refused.catch((error: unknown) => {
      if (!isFechatterError(error, 'token_spent', 'passkey_not_found')) throw error;
    });
  const { freshUntil } = await client.auth.reauthenticate.mutate({ currentPassword: password });
  if (freshUntil.getTime() < Date.now()) throw new Error('proved, and yet too long ago');
  const { lines } = await client.user.export.query();
  const own = lines.find((line) => line.type === 'user');
  if (own?.email !== email) throw new Error('the export does not begin with the account');
  await client.user.erase.mutate({ password, confirmation: 'erase' });
  const refused = await client.user.me.query().catch((error: unknown) => error);
  if (!isFechatterError(refused))
    throw new Error(`signed out, and yet ${String(refused)} (${expiresAt.toISOString()})`);
}

/** What the server of an app does with its key; with a made-up one nothing of it. */
async function withoutKey(serverUrl: string): Promise<void> {
  const app = { admin: createAdmin({ serverUrl, serviceKey: 'fcs_made-up' }) };
  const externalId = 'ada';
  const members = [{ externalId, role: 'Owner' as const }];
  const calls: readonly Promise<unknown>[] = [
    app.admin.upsertUser.mutate({ externalId, fullName: 'Ada' }),
    app.admin.createSession.mutate({ externalId }).then(({ token }) => token),
    app.admin.upsertWorkspace.mutate({ externalId: 'acme', name: 'Acme' }),
    app.admin.setMembers.mutate({ workspace: 'acme', members, mode: 'replace' }),
    app.admin.upsertChat.mutate({ externalId: 'c', workspace: 'acme', name: 'C', chatType: 'Group', members }),
    app.admin.sendMessage.mutate({ as: externalId, chat: 'c', content: 'Hello' }),
    app.admin.suspendUser.mutate({ externalId }),
    app.admin.reactivateUser.mutate({ externalId }),
    app.admin.eraseUser.mutate({ externalId }),
  ];
  for (const call of calls)
    await call.then(
      () => Promise.reject(new Error('a made-up key is good')),
      (error: unknown) => {
        if (!isFechatterError(error, 'token_invalid')) throw error;
      },
    );
}

/** Signing in with a provider, where there is none. */
async function withoutProvider(client: FechatterClient): Promise<void> {
  const { providers } = await client.auth.providers.query();
  const { identities } = await client.auth.identities.query();
  const back = { state: 'made-up', code: 'made-up', secret: 'made-up' };
  const calls: readonly Promise<unknown>[] = [
    client.auth.oidcBegin.mutate({ provider: providers[0]?.id ?? 'none' }).then(({ url, secret }) => [url, secret]),
    client.auth.oidcFinish.mutate(back).then(({ token }) => token),
    client.auth.link.mutate(back).then(({ provider }) => provider),
    client.auth.unlink.mutate({ identityId: identities[0]?.id ?? crypto.randomUUID() }),
  ];
  for (const call of calls)
    await call.then(
      () => Promise.reject(new Error('there is no provider')),
      (error: unknown) => {
        const reasons = ['provider_not_found', 'token_spent', 'identity_not_found'] as const;
        if (!reasons.some((reason) => isFechatterError(error, reason))) throw error;
      },
    );
}
