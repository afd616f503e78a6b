import { procedures as ofNotify } from '@fechatter/notify';
import { procedures as ofServer } from '@fechatter/server';
import { moves } from './moves.ts';

const mutationsOf = (router: Readonly<Record<string, Readonly<Record<string, unknown>>>>): readonly string[] =>
  Object.entries(router).flatMap(([feature, verbs]) =>
    Object.entries(verbs)
      .filter(([, procedure]) => (procedure as { _def: { type: string } })._def.type === 'mutation')
      .map(([verb]) => `${feature}.${verb}`),
  );

/** Every mutation of the contract, as `feature.verb`. */
export const mutations: readonly string[] = [...mutationsOf(ofServer), ...mutationsOf(ofNotify)].sort();

/** What faults, the scene and the SDK itself call. */
const besideMoves = [
  // To set the scene.
  'workspace.create',
  // The SDK, each minute.
  'auth.refresh',
  // Apps that show the presence of all people from their store.
  'presence.watch',
  // Faults.
  'auth.revokeSession',
  'workspace.delete',
  'workspace.setRetention',
];

/** Mutations that a run calls. */
export const inCast: ReadonlySet<string> = new Set([...moves.flatMap(([, , ...paths]) => paths), ...besideMoves]);

/** Mutations that no run calls, and why. */
export const notInCast: Readonly<Record<string, string>> = {
  'notification.ticket': 'a ticket opens the stream that a bearer opens',
  'workspace.claim': 'needs an import, whose people have verified their addresses',
  'workspace.decideClaim': 'needs a claim; changes a profile as user.update does, and a worker adds members',
  'push.subscribe': 'needs push.vapidKey and a push service; announces nothing',
  'push.unsubscribe': 'needs a subscription',
  'push.test': 'needs a subscription',
  'bot.create': 'makes a member as admin.setMembers does; runs have no bots',
  'bot.update': 'changes a profile as user.update does',
  'bot.delete': 'ends a membership as workspace.removeMember does, and a session as auth.revokeSession',
  'bot.rotateKey': 'ends a session as auth.revokeSession does',
  'incomingWebhook.create': 'makes members as admin.setMembers does; runs have no bots',
  'incomingWebhook.delete': 'ends a membership as workspace.removeMember does',
  'webhook.create': 'runs have no bots; worker/src/webhooks kills workers that send',
  'webhook.update': 'runs have no webhooks',
  'webhook.delete': 'runs have no webhooks',
  'webhook.rotateSecret': 'runs have no webhooks',
  'webhook.redeliver': 'runs have no webhooks',
  'webhook.test': 'runs have no webhooks',
  'auth.reauthenticate': 'changes nothing but when its session was proved',
  'auth.exchange': 'opens a session as admin.createSession does; needs an issuer',
  'auth.oidcBegin': 'needs a provider',
  'auth.oidcFinish': 'needs a provider',
  'auth.link': 'needs a provider',
  'auth.unlink': 'needs a provider',
  'auth.passkeyBegin': 'needs an authenticator, thus a browser',
  'auth.passkeyAdd': 'needs an authenticator',
  'auth.passkeyRemove': 'needs a passkey',
  'auth.passkeySigninBegin': 'needs an authenticator',
  'auth.passkeySignin': 'needs an authenticator; opens a session as auth.secondFactor does',
  'auth.requestVerification': 'needs mail, which is off in runs',
  'auth.verifyEmail': 'needs a mail’s token',
  'auth.requestPasswordReset': 'needs mail',
  'auth.resetPassword': 'needs a mail’s token; ends sessions as auth.changePassword does',
  'auth.changeEmail': 'needs mail',
};
