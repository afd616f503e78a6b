import { all, withoutSession, type Row, signedIn, type Verdict, type Verdicts } from './authorisation-table.ts';

// The expected results of each procedure about a workspace, by caller.

/** In the workspace everyone but four is a Member; a Guest may do what a Member may, except as stated. */
const inWorkspace = (member: Verdict, admin: Verdict, owner: Verdict, guest = member): Verdicts => ({
  ...all(member),
  guest,
  guestOutside: guest,
  ...withoutSession,
  stranger: 'workspace_not_found',
  left: 'workspace_not_found',
  wsAdmin: admin,
  wsOwner: owner,
});

const ok = 'ok';
const low = 'role_too_low';
const gone = 'invite_not_found';
const unclaimed = 'claim_not_found';

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
    about: 'Member to Guest',
    input: ({ people }) => ({ userId: people.dave.id, role: 'Guest' }),
    verdicts: inWorkspace(low, ok, ok),
    spends: true,
  },
  {
    path: 'workspace.setRole',
    about: 'Guest to Member',
    input: ({ people }) => ({ userId: people.guestOutside.id, role: 'Member' }),
    verdicts: inWorkspace(low, ok, ok),
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
  { path: 'thread.list', verdicts: inWorkspace(ok, ok, ok) },
  { path: 'message.search', input: () => ({ query: 'zebra' }), verdicts: inWorkspace(ok, ok, ok) },
  { path: 'workspace.invite', input: () => ({ role: 'Member' }), verdicts: inWorkspace(low, ok, ok) },
  {
    path: 'workspace.invite',
    about: 'a Guest',
    input: () => ({ role: 'Guest' }),
    verdicts: inWorkspace(low, ok, ok),
  },
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
    about: 'of an unknown person',
    input: ({ chatId }) => ({ inviteId: chatId }),
    verdicts: inWorkspace(low, gone, gone),
  },
  {
    path: 'bot.create',
    input: () => ({ name: 'echo', scopes: ['read'] }),
    verdicts: inWorkspace(low, ok, ok),
  },
  { path: 'bot.list', verdicts: inWorkspace(low, ok, ok) },
  { path: 'emoji.list', verdicts: inWorkspace(ok, ok, ok) },
  {
    path: 'file.begin',
    about: 'an emoji',
    input: () => ({ name: 'parrot.png', size: 1 }),
    verdicts: inWorkspace(low, ok, ok),
  },
  {
    path: 'emoji.create',
    about: 'with a picture of an Admin',
    input: ({ fileIds }) => ({ name: 'new_parrot', fileId: fileIds.picture }),
    verdicts: inWorkspace(low, ok, 'file_not_found'),
    spends: true,
  },
  {
    path: 'emoji.create',
    about: 'with a file of a chat',
    input: ({ fileIds }) => ({ name: 'new_parrot', fileId: fileIds.unsent }),
    verdicts: inWorkspace(low, 'file_not_found', 'file_not_found'),
  },
  {
    path: 'emoji.delete',
    input: () => ({ name: 'old_parrot' }),
    verdicts: inWorkspace(low, ok, ok),
    spends: true,
  },
  { path: 'workspace.claims', verdicts: inWorkspace(ok, ok, ok) },
  {
    path: 'workspace.claim',
    about: 'of a person who is no placeholder',
    input: ({ people }) => ({ userId: people.dave.id }),
    verdicts: inWorkspace(unclaimed, unclaimed, unclaimed),
  },
  {
    path: 'workspace.decideClaim',
    about: 'of a person who is no placeholder',
    input: ({ people }) => ({ userId: people.dave.id, claimantId: people.dave.id, isConfirmed: true }),
    verdicts: inWorkspace(low, low, unclaimed),
  },
  { path: 'workspace.setRetention', input: () => ({ days: 30 }), verdicts: inWorkspace(low, low, ok) },
  { path: 'workspace.export', verdicts: inWorkspace(low, low, ok) },
  { path: 'workspace.auditLog', verdicts: inWorkspace(low, low, ok) },
  { path: 'chat.list', about: 'of a workspace', verdicts: inWorkspace(ok, ok, ok) },
  {
    path: 'chat.create',
    about: 'a Group',
    input: () => ({ name: 'C', chatType: 'Group', memberIds: [] }),
    verdicts: inWorkspace(ok, ok, ok, low),
  },
  {
    path: 'chat.create',
    about: 'a public channel',
    input: () => ({ name: 'C', chatType: 'PublicChannel', memberIds: [] }),
    verdicts: inWorkspace(ok, ok, ok, low),
  },
  {
    path: 'chat.create',
    about: 'with a stranger',
    input: ({ people }) => ({ name: 'C', chatType: 'Group', memberIds: [people.stranger.id] }),
    verdicts: inWorkspace('user_not_found', 'user_not_found', 'user_not_found', low),
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
