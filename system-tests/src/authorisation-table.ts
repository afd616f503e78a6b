import type { Reason } from '@fechatter/contract';
import type { Actor, Stage } from './authorisation-stage.ts';

// What each procedure answers to whom, beside what is about one chat.

export type Verdict = Reason | 'ok';
export type Verdicts = Readonly<Partial<Record<Actor, Verdict>>>;

export interface Row {
  readonly path: string;
  /** What distinguishes this row from others of its procedure. */
  readonly about?: string;
  readonly input?: (stage: Stage) => object;
  readonly verdicts: Verdicts;
  /** Where it is done, the stage is another one afterwards. */
  readonly spends?: true;
  /** Ends the caller's sessions: tried by newcomers. */
  readonly endsSession?: true;
}

const all = (verdict: Verdict): Required<Verdicts> => ({
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
});
const nobody = { anonymous: 'not_signed_in', suspended: 'session_revoked' } as const;
const signedIn = (verdict: Verdict): Verdicts => ({ ...all(verdict), ...nobody });
/** In the workspace everyone but two is a Member. */
const inWorkspace = (member: Verdict, admin: Verdict, owner: Verdict): Verdicts => ({
  ...all(member),
  ...nobody,
  stranger: 'workspace_not_found',
  left: 'workspace_not_found',
  wsAdmin: admin,
  wsOwner: owner,
});

const ok = 'ok';
const low = 'role_too_low';
const gone = 'invite_not_found';

/** What is about oneself, or needs no account. */
export const ownRows: readonly Row[] = [
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
  { path: 'auth.refresh', input: () => ({ refreshToken: 'made-up' }), verdicts: all('refresh_invalid') },
  {
    path: 'auth.refresh',
    about: 'of a closed account',
    input: ({ people }) => ({ refreshToken: people.suspended.client.session?.refreshToken }),
    verdicts: all('refresh_invalid'),
  },
  { path: 'auth.signout', verdicts: signedIn(ok), endsSession: true },
  { path: 'auth.signoutAll', verdicts: signedIn(ok), endsSession: true },
  {
    path: 'auth.changePassword',
    input: () => ({ currentPassword: 'not it', newPassword: 'a good one' }),
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
    verdicts: { ...signedIn(ok), stranger: 'user_not_found', left: 'user_not_found' },
  },
  { path: 'workspace.create', input: () => ({ name: 'Another' }), verdicts: signedIn(ok) },
  { path: 'workspace.list', verdicts: signedIn(ok) },
  { path: 'chat.list', verdicts: signedIn(ok) },
  { path: 'notification.ticket', verdicts: signedIn(ok) },
];

export const workspaceRows: readonly Row[] = [
  { path: 'workspace.get', verdicts: inWorkspace(ok, ok, ok) },
  { path: 'workspace.update', input: () => ({ name: 'B' }), verdicts: inWorkspace(low, ok, ok) },
  { path: 'workspace.delete', verdicts: inWorkspace(low, low, ok), spends: true },
  { path: 'workspace.members', verdicts: inWorkspace(ok, ok, ok) },
  {
    path: 'workspace.setRole',
    about: 'Member to Admin',
    input: ({ people }) => ({ userId: people.dave.id, role: 'Admin' }),
    verdicts: inWorkspace(low, ok, ok),
    spends: true,
  },
  {
    path: 'workspace.setRole',
    about: 'Member to Owner',
    input: ({ people }) => ({ userId: people.dave.id, role: 'Owner' }),
    verdicts: inWorkspace(low, low, ok),
    spends: true,
  },
  {
    path: 'workspace.setRole',
    about: 'the last Owner to Member',
    input: ({ people }) => ({ userId: people.wsOwner.id, role: 'Member' }),
    verdicts: inWorkspace(low, low, 'last_owner'),
  },
  {
    path: 'workspace.setRole',
    about: 'of a stranger',
    input: ({ people }) => ({ userId: people.stranger.id, role: 'Member' }),
    verdicts: inWorkspace(low, 'member_not_found', 'member_not_found'),
  },
  {
    path: 'workspace.removeMember',
    input: ({ people }) => ({ userId: people.dave.id }),
    verdicts: inWorkspace(low, ok, ok),
    spends: true,
  },
  {
    path: 'workspace.removeMember',
    about: 'the Owner',
    input: ({ people }) => ({ userId: people.wsOwner.id }),
    verdicts: inWorkspace(low, low, low),
  },
  {
    path: 'workspace.removeMember',
    about: 'a stranger',
    input: ({ people }) => ({ userId: people.stranger.id }),
    verdicts: inWorkspace(low, 'member_not_found', 'member_not_found'),
  },
  { path: 'workspace.leave', verdicts: inWorkspace(ok, ok, 'last_owner'), spends: true },
  { path: 'workspace.channels', verdicts: inWorkspace(ok, ok, ok) },
  { path: 'workspace.invite', input: () => ({ role: 'Member' }), verdicts: inWorkspace(low, ok, ok) },
  {
    path: 'workspace.invite',
    about: 'an Owner',
    input: () => ({ role: 'Owner' }),
    verdicts: inWorkspace(low, low, ok),
  },
  { path: 'workspace.invites', verdicts: inWorkspace(low, ok, ok) },
  {
    path: 'workspace.revokeInvite',
    input: ({ inviteId }) => ({ inviteId }),
    verdicts: inWorkspace(low, ok, ok),
    spends: true,
  },
  {
    path: 'workspace.revokeInvite',
    about: 'of nobody',
    input: ({ chatId }) => ({ inviteId: chatId }),
    verdicts: inWorkspace(low, gone, gone),
  },
  { path: 'chat.list', about: 'of a workspace', verdicts: inWorkspace(ok, ok, ok) },
  {
    path: 'chat.create',
    about: 'a Group',
    input: () => ({ name: 'C', chatType: 'Group', memberIds: [] }),
    verdicts: inWorkspace(ok, ok, ok),
  },
  {
    path: 'chat.create',
    about: 'a public channel',
    input: () => ({ name: 'C', chatType: 'PublicChannel', memberIds: [] }),
    verdicts: inWorkspace(ok, ok, ok),
  },
  {
    path: 'chat.create',
    about: 'with a stranger',
    input: ({ people }) => ({ name: 'C', chatType: 'Group', memberIds: [people.stranger.id] }),
    verdicts: inWorkspace('user_not_found', 'user_not_found', 'user_not_found'),
  },
  { path: 'workspace.acceptInvite', about: 'made up', input: () => ({ token: 'made-up' }), verdicts: signedIn(gone) },
  {
    path: 'workspace.acceptInvite',
    about: 'a good one',
    input: ({ inviteToken }) => ({ token: inviteToken }),
    verdicts: signedIn(ok),
    spends: true,
  },
];
