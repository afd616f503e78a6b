import type { Reason } from '@fechatter/contract';
import type { Actor, Stage } from './authorisation-stage.ts';

// The expected results of each procedure by caller, except procedures about one chat.

export type Verdict = Reason | 'ok';
export type Verdicts = Readonly<Partial<Record<Actor, Verdict>>>;

export interface Row {
  readonly path: string;
  /** What distinguishes this row from others of its procedure. */
  readonly about?: string;
  readonly input?: (stage: Stage) => object;
  readonly verdicts: Verdicts;
  /** If it succeeds, it changes the stage. */
  readonly spends?: true;
  /** Ends the caller's sessions: tested with new sessions. */
  readonly endsSession?: true;
}

export const all = (verdict: Verdict): Required<Verdicts> => ({
  anonymous: verdict,
  suspended: verdict,
  stranger: verdict,
  left: verdict,
  outsider: verdict,
  former: verdict,
  wsAdmin: verdict,
  wsOwner: verdict,
  member: verdict,
  admin: verdict,
  owner: verdict,
  guest: verdict,
  guestOutside: verdict,
});
export const withoutSession = { anonymous: 'not_signed_in', suspended: 'session_revoked' } as const;
export const signedIn = (verdict: Verdict): Verdicts => ({ ...all(verdict), ...withoutSession });
const ok = 'ok';
const noFile = 'file_not_found';

/** To those who are not in its workspace, a bot does not exist. */
const ofBot: Verdicts = {
  ...signedIn('role_too_low'),
  stranger: 'bot_not_found',
  left: 'bot_not_found',
  wsAdmin: ok,
  wsOwner: ok,
};

const webhookVerdicts = (wsAdmin: Verdicts['wsAdmin']): Verdicts => ({
  ...signedIn('role_too_low'),
  stranger: 'webhook_not_found',
  left: 'webhook_not_found',
  wsAdmin,
  wsOwner: wsAdmin,
});
const ofWebhook = webhookVerdicts(ok);

/** In the form of both a new passkey and a signature. */
const madeUpPasskey = {
  id: 'AAAA',
  rawId: 'AAAA',
  type: 'public-key',
  response: { clientDataJSON: 'AAAA', attestationObject: 'AAAA', authenticatorData: 'AAAA', signature: 'AAAA' },
};

const MADE_UP_ID = '00000000-0000-7000-8000-000000000000';
/** The key is a point of the curve: the generator. */
const aDevice = {
  kind: 'WebPush',
  endpoint: 'https://push.example.com/x',
  keys: {
    p256dh: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
    auth: 'AAAAAAAAAAAAAAAAAAAAAA',
  },
};

/** Procedures about the caller, or without an account. */
export const ownRows: readonly Row[] = [
  { path: 'info.get', verdicts: all(ok) },
  {
    path: 'auth.signup',
    input: () => ({ email: 'taken@example.com', password: 'a good one', fullName: 'A' }),
    verdicts: all('email_taken'),
  },
  {
    path: 'auth.signin',
    input: () => ({ email: 'taken@example.com', password: 'not it' }),
    verdicts: all('wrong_credentials'),
  },
  {
    path: 'auth.signin',
    about: 'to a closed account',
    input: ({ people }) => ({ email: people.suspended.email, password: 'correct horse battery staple' }),
    verdicts: all('account_suspended'),
  },
  {
    path: 'auth.signin',
    about: 'to a closed account, without its password',
    input: ({ people }) => ({ email: people.suspended.email, password: 'not it' }),
    verdicts: all('wrong_credentials'),
  },
  { path: 'auth.providers', verdicts: all(ok) },
  { path: 'auth.oidcBegin', input: () => ({ provider: 'made-up' }), verdicts: all('provider_not_found') },
  {
    path: 'auth.oidcFinish',
    input: () => ({ state: 'made-up', code: 'made-up', secret: 'made-up' }),
    verdicts: all('token_spent'),
  },
  {
    path: 'auth.link',
    input: () => ({ state: 'made-up', code: 'made-up', secret: 'made-up' }),
    verdicts: signedIn('token_spent'),
  },
  { path: 'auth.identities', verdicts: signedIn(ok) },
  {
    path: 'auth.unlink',
    input: ({ people }) => ({ identityId: people.dave.id }),
    verdicts: signedIn('identity_not_found'),
  },
  { path: 'auth.exchange', input: () => ({ token: 'made-up' }), verdicts: all('token_invalid') },
  {
    path: 'auth.secondFactor',
    input: () => ({ challenge: 'made-up', code: '000000' }),
    verdicts: all('token_spent'),
  },
  { path: 'auth.totpBegin', verdicts: signedIn(ok) },
  { path: 'auth.totpConfirm', input: () => ({ code: 'not it' }), verdicts: signedIn('token_spent') },
  { path: 'auth.totpRemove', input: () => ({ currentPassword: 'not it' }), verdicts: signedIn('wrong_password') },
  { path: 'auth.renewRecoveryCodes', verdicts: signedIn('second_factor_off') },
  { path: 'auth.secondFactors', verdicts: signedIn(ok) },
  { path: 'auth.passkeyBegin', verdicts: signedIn(ok) },
  { path: 'auth.passkeyAdd', input: () => ({ passkey: madeUpPasskey }), verdicts: signedIn('token_spent') },
  { path: 'auth.passkeys', verdicts: signedIn(ok) },
  {
    path: 'auth.passkeyRemove',
    input: ({ people }) => ({ passkeyId: people.dave.id }),
    verdicts: signedIn('passkey_not_found'),
  },
  { path: 'auth.passkeySigninBegin', verdicts: all(ok) },
  { path: 'auth.passkeySignin', input: () => ({ passkey: madeUpPasskey }), verdicts: all('token_spent') },
  { path: 'auth.refresh', input: () => ({ refreshToken: 'made-up' }), verdicts: all('refresh_invalid') },
  {
    path: 'auth.refresh',
    about: 'of a closed account',
    input: ({ people }) => ({ refreshToken: people.suspended.client.session?.refreshToken }),
    verdicts: all('refresh_invalid'),
  },
  { path: 'auth.signout', verdicts: signedIn(ok), endsSession: true },
  { path: 'auth.signoutAll', verdicts: signedIn(ok), endsSession: true },
  { path: 'auth.signoutOthers', verdicts: signedIn(ok) },
  {
    path: 'auth.renameSession',
    about: 'of another',
    input: ({ people }) => ({ sessionId: people.dave.id, name: 'theirs' }),
    verdicts: signedIn('session_not_found'),
  },
  {
    path: 'auth.changePassword',
    input: () => ({ currentPassword: 'not it', newPassword: 'a good one' }),
    verdicts: signedIn('wrong_password'),
  },
  { path: 'auth.reauthenticate', input: () => ({ currentPassword: 'not it' }), verdicts: signedIn('wrong_password') },
  { path: 'auth.requestVerification', verdicts: signedIn(ok) },
  { path: 'auth.verifyEmail', input: () => ({ token: 'made-up' }), verdicts: all('token_spent') },
  {
    path: 'auth.requestPasswordReset',
    input: ({ people }) => ({ email: people.owner.email }),
    verdicts: all(ok),
  },
  {
    path: 'auth.resetPassword',
    input: () => ({ token: 'made-up', newPassword: 'a good one' }),
    verdicts: all('token_spent'),
  },
  {
    path: 'auth.changeEmail',
    input: () => ({ newEmail: 'other@example.com', currentPassword: 'not it' }),
    verdicts: signedIn('wrong_password'),
  },
  { path: 'auth.sessions', verdicts: signedIn(ok) },
  {
    path: 'auth.revokeSession',
    about: 'of another',
    input: ({ people }) => ({ sessionId: people.dave.id }),
    verdicts: signedIn('session_not_found'),
  },
  { path: 'user.me', verdicts: signedIn(ok) },
  { path: 'user.update', input: () => ({ fullName: 'A' }), verdicts: signedIn(ok) },
  {
    path: 'user.get',
    input: ({ people }) => ({ userId: people.dave.id }),
    verdicts: { ...signedIn(ok), stranger: 'user_not_found', left: 'user_not_found', guestOutside: 'user_not_found' },
  },
  {
    path: 'user.get',
    about: 'who shares no chat',
    input: ({ people }) => ({ userId: people.spare.id }),
    verdicts: {
      ...signedIn(ok),
      stranger: 'user_not_found',
      left: 'user_not_found',
      guest: 'user_not_found',
      guestOutside: 'user_not_found',
    },
  },
  { path: 'user.presence', input: ({ people }) => ({ userIds: [people.dave.id] }), verdicts: signedIn(ok) },
  { path: 'user.setActivity', input: () => ({ isActive: true }), verdicts: signedIn(ok) },
  { path: 'user.setStatus', input: () => ({ text: 'here' }), verdicts: signedIn(ok) },
  { path: 'user.preferences', verdicts: signedIn(ok) },
  { path: 'user.setPreferences', input: () => ({ showReceipts: true }), verdicts: signedIn(ok) },
  {
    path: 'user.block',
    input: ({ people }) => ({ userId: people.spare.id }),
    verdicts: {
      ...signedIn(ok),
      stranger: 'user_not_found',
      left: 'user_not_found',
      guest: 'user_not_found',
      guestOutside: 'user_not_found',
    },
    spends: true,
  },
  { path: 'user.unblock', input: ({ people }) => ({ userId: people.spare.id }), verdicts: signedIn(ok) },
  { path: 'user.export', verdicts: signedIn(ok) },
  {
    path: 'user.erase',
    input: () => ({ password: 'not it', confirmation: 'erase' }),
    verdicts: signedIn('wrong_password'),
  },
  // To everyone without a service key there is nothing.
  ...(
    [
      ['upsertUser', { externalId: 'x', fullName: 'X' }],
      ['createSession', { externalId: 'x' }],
      ['suspendUser', { externalId: 'x' }],
      ['reactivateUser', { externalId: 'x' }],
      ['eraseUser', { externalId: 'x' }],
      ['upsertWorkspace', { externalId: 'x', name: 'X' }],
      ['setMembers', { workspace: 'x', members: [], mode: 'add' }],
      ['upsertChat', { externalId: 'x', workspace: 'x', name: 'X', chatType: 'Group', members: [] }],
      ['sendMessage', { as: 'x', chat: 'x', content: 'X' }],
    ] as const
  ).map(([verb, input]): Row => ({ path: `admin.${verb}`, input: () => input, verdicts: all('route_not_found') })),
  { path: 'bot.update', input: ({ botId }) => ({ botId, name: 'other' }), verdicts: ofBot },
  { path: 'bot.rotateKey', input: ({ botId }) => ({ botId }), verdicts: ofBot },
  { path: 'bot.delete', input: ({ botId }) => ({ botId }), verdicts: ofBot, spends: true },
  {
    path: 'incomingWebhook.delete',
    about: 'an unknown one',
    input: ({ chatId }) => ({ webhookId: chatId }),
    verdicts: signedIn('webhook_not_found'),
  },
  { path: 'webhook.list', input: ({ botId }) => ({ botId }), verdicts: ofBot },
  {
    path: 'webhook.create',
    input: ({ botId }) => ({ botId, url: 'https://example.com', kinds: ['message.created'] }),
    verdicts: ofBot,
  },
  { path: 'webhook.update', input: ({ webhookId }) => ({ webhookId, isEnabled: true }), verdicts: ofWebhook },
  { path: 'webhook.deliveries', input: ({ webhookId }) => ({ webhookId }), verdicts: ofWebhook },
  { path: 'webhook.rotateSecret', input: ({ webhookId }) => ({ webhookId }), verdicts: ofWebhook },
  { path: 'webhook.test', input: ({ webhookId }) => ({ webhookId }), verdicts: ofWebhook },
  {
    path: 'webhook.redeliver',
    input: ({ webhookId, chatId }) => ({ webhookId, deliveryId: chatId }),
    verdicts: webhookVerdicts('delivery_not_found'),
  },
  { path: 'webhook.delete', input: ({ webhookId }) => ({ webhookId }), verdicts: ofWebhook, spends: true },
  {
    path: 'bot.delete',
    about: 'a person',
    input: ({ people }) => ({ botId: people.dave.id }),
    verdicts: signedIn('bot_not_found'),
  },
  { path: 'workspace.create', input: () => ({ name: 'Another' }), verdicts: signedIn(ok) },
  { path: 'workspace.list', verdicts: signedIn(ok) },
  { path: 'chat.list', verdicts: signedIn(ok) },
  { path: 'message.saved', verdicts: signedIn(ok) },
  { path: 'file.ticket', verdicts: signedIn(ok) },
  {
    path: 'file.status',
    about: 'of a message',
    input: ({ fileIds }) => ({ fileId: fileIds.sent }),
    verdicts: { ...signedIn(noFile), member: ok, admin: ok, owner: ok, guest: ok },
  },
  {
    path: 'file.status',
    about: 'not sent',
    input: ({ fileIds }) => ({ fileId: fileIds.unsent }),
    verdicts: { ...signedIn(noFile), member: ok },
  },
  {
    path: 'file.status',
    about: 'of an emoji',
    input: ({ fileIds }) => ({ fileId: fileIds.emoji }),
    verdicts: { ...signedIn(ok), stranger: noFile, left: noFile },
  },
  {
    path: 'file.cancel',
    about: 'of an emoji',
    input: ({ fileIds }) => ({ fileId: fileIds.emoji }),
    verdicts: signedIn(noFile),
  },
  {
    path: 'file.finish',
    input: ({ fileIds }) => ({ fileId: fileIds.unsent }),
    verdicts: { ...signedIn(noFile), member: ok },
  },
  {
    path: 'file.cancel',
    input: ({ fileIds }) => ({ fileId: fileIds.unsent }),
    verdicts: { ...signedIn(noFile), member: ok },
    spends: true,
  },
  { path: 'notification.ticket', verdicts: signedIn(ok) },
  {
    path: 'presence.watch',
    input: ({ people }) => ({ streamId: 'made-up', userIds: [people.dave.id] }),
    verdicts: signedIn('stream_not_found'),
  },
  { path: 'notification.list', input: () => ({}), verdicts: signedIn(ok) },
  { path: 'push.key', verdicts: signedIn('push_off') },
  { path: 'push.subscriptions', verdicts: signedIn(ok) },
  { path: 'push.subscribe', input: () => aDevice, verdicts: signedIn('push_off') },
  {
    path: 'push.unsubscribe',
    input: () => ({ subscriptionId: MADE_UP_ID }),
    verdicts: signedIn('subscription_not_found'),
  },
  { path: 'push.test', input: () => ({ subscriptionId: MADE_UP_ID }), verdicts: signedIn('subscription_not_found') },
];
