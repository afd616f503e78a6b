import { type FechatterClient, isFechatterError } from '@fechatter/client';
import { until } from '@fechatter/testing/until';
import { Secret, TOTP } from 'otpauth';
import type { Chance } from '@fechatter/testing/chance';
import { call, live, type Move } from './choices.ts';
import { PASSWORD, type Person, signIn } from './people.ts';
import type { Scene } from './scene.ts';
import { hoppingClient } from './sdk-client.ts';
import { send } from './sending.ts';

/** Under faults; without any it is 2 s. */
const OVER_MS = 60_000;

/** Names one of the person's devices. */
export const renameDevice: Move = async (scene, chance) => {
  const { client } = chance.pick(scene.people.filter((person) => !scene.suspended.has(person)));
  const listed = await call(scene, 'auth.sessions', () => client.auth.sessions.query({ limit: 10 }));
  const session = chance.pickIfAny(listed?.sessions ?? []);
  if (session === undefined) return;
  const rename = { sessionId: session.id, name: `device ${chance.below(100)}` };
  await call(scene, 'auth.renameSession', () => client.auth.renameSession.mutate(rename));
};

/** What {@link liveAndBeErased} calls. */
export const accountPaths = [
  'auth.signup',
  'auth.signin',
  'auth.changePassword',
  'auth.totpBegin',
  'auth.totpConfirm',
  'auth.secondFactor',
  'auth.renewRecoveryCodes',
  'auth.totpRemove',
  'auth.signoutOthers',
  'auth.signout',
  'auth.signoutAll',
  'workspace.leave',
  'user.erase',
] as const;

/** A new person signs up, joins, talks, secures the account, signs other devices out, may leave, and is erased. */
export const liveAndBeErased: Move = async (scene, chance) => {
  const newcomer = await comeIn(scene, chance);
  if (newcomer === undefined) return;
  const { client } = newcomer;
  await talkOnce(scene, chance, newcomer);
  const password = await changePassword(scene, chance, newcomer);
  const secured = await secure(scene, chance, newcomer, password);
  if (secured !== undefined) {
    const done = await call(scene, 'auth.signoutOthers', () => secured.auth.signoutOthers.mutate());
    if (done !== undefined) await untilOver(scene, client, `${newcomer.name}’s other device`);
  }
  const last = secured ?? client;
  const end = chance.below(3);
  if (end === 0) {
    const { id: workspaceId = '' } = scene.workspaces[0] ?? {};
    // Those who still show the newcomer’s message receive the erasure all the same.
    if (chance.hits(0.5)) await call(scene, 'workspace.leave', () => last.workspace.leave.mutate({ workspaceId }));
    const bye = { password, confirmation: 'erase' as const };
    if ((await call(scene, 'user.erase', () => last.user.erase.mutate(bye))) !== undefined)
      scene.erased.add(newcomer.id);
  } else if (end === 1) await call(scene, 'auth.signoutAll', () => last.auth.signoutAll.mutate());
  else await call(scene, 'auth.signout', () => last.auth.signout.mutate());
};

async function comeIn(scene: Scene, chance: Chance): Promise<Person | undefined> {
  const [workspace] = scene.workspaces;
  if (workspace === undefined) return undefined;
  const name = scene.newName('newcomer');
  const client = hoppingClient(scene.backends, chance.fork());
  const account = { email: `${name}@example.com`, password: PASSWORD, fullName: name };
  const session = await call(scene, 'auth.signup', () => client.auth.signup.mutate(account));
  if (session === undefined) return undefined;
  const invite = { workspaceId: workspace.id, role: 'Member' as const };
  const made = await call(scene, 'workspace.invite', () => workspace.owner.client.workspace.invite.mutate(invite));
  if (made !== undefined)
    await call(scene, 'workspace.acceptInvite', () => client.workspace.acceptInvite.mutate({ token: made.token }));
  return { id: session.id, name, email: account.email, client };
}

async function talkOnce(scene: Scene, chance: Chance, newcomer: Person): Promise<void> {
  const open = live(scene).filter(
    ({ chatType, workspaceId }) => chatType === 'PublicChannel' && workspaceId === scene.workspaces[0]?.id,
  );
  const chat = chance.pickIfAny(open);
  if (chat === undefined) return;
  await call(scene, 'chat.join', () => newcomer.client.chat.join.mutate({ chatId: chat.id }));
  const sentBefore = scene.sent.length;
  await send(scene, chance, chat, newcomer);
  // No other person edits or deletes it: the newcomer may be gone by then.
  for (const message of scene.sent.slice(sentBefore)) if (message.sender === newcomer) message.isDeleted = true;
}

/** Ends the newcomer's other session. Returns the password that holds. */
async function changePassword(scene: Scene, chance: Chance, newcomer: Person): Promise<string> {
  const other = await signIn(scene.backends, chance.fork(), newcomer, scene.tally);
  const newPassword = `${PASSWORD}!`;
  const change = { currentPassword: PASSWORD, newPassword };
  const done = await call(scene, 'auth.changePassword', () => newcomer.client.auth.changePassword.mutate(change));
  // A repeat after a lost response finds that the password is another one already.
  if (done === undefined) return newPassword;
  if (other !== undefined) await untilOver(scene, other.client, `${newcomer.name}’s device with the old password`);
  return newPassword;
}

/** Adds an authenticator app, and signs in with both factors. */
async function secure(
  scene: Scene,
  chance: Chance,
  { client, email, name }: Person,
  password: string,
): Promise<FechatterClient | undefined> {
  const begun = await call(scene, 'auth.totpBegin', () => client.auth.totpBegin.mutate());
  if (begun === undefined) return undefined;
  const code = TOTP.generate({ secret: Secret.fromBase32(begun.secret) });
  const codes = await call(scene, 'auth.totpConfirm', () => client.auth.totpConfirm.mutate({ code }));
  if (codes === undefined) return undefined;
  const other = hoppingClient(scene.backends, chance.fork());
  let challenge: string | undefined;
  const begin = async () => {
    try {
      await other.auth.signin.mutate({ email, password });
      scene.accountMistakes.push(`${name} signed in with a password alone`);
    } catch (error) {
      if (!isFechatterError(error, 'second_factor_required')) throw error;
      challenge = error.data?.challenge;
    }
  };
  await call(scene, 'auth.signin', begin);
  if (challenge === undefined) return undefined;
  const factors = { challenge, code: codes.recoveryCodes[0] ?? '' };
  const entered = await call(scene, 'auth.secondFactor', () => other.auth.secondFactor.mutate(factors));
  if (entered === undefined) return undefined;
  await call(scene, 'auth.renewRecoveryCodes', () => other.auth.renewRecoveryCodes.mutate());
  await call(scene, 'auth.totpRemove', () => other.auth.totpRemove.mutate({ currentPassword: password }));
  return other;
}

/** Waits until a session that was ended is refused. */
export async function untilOver(scene: Scene, client: FechatterClient, whose: string): Promise<void> {
  const isOver = async () => {
    await client.user.me.query().catch(() => {});
    return client.session === null;
  };
  await until(isOver, () => `${whose} is signed out`, OVER_MS).catch((error: unknown) => {
    scene.accountMistakes.push(String(error));
  });
}
