import { acceptInvite } from './accept-invite.ts';
import { auditLog } from './audit-log.ts';
import { channels } from './channels.ts';
import { claim } from './claim.ts';
import { claims } from './claims.ts';
import { create } from './create.ts';
import { decideClaim } from './decide-claim.ts';
import { deleteWorkspace } from './delete.ts';
import { exportWorkspace } from './export.ts';
import { get } from './get.ts';
import { invite } from './invite.ts';
import { invites } from './invites.ts';
import { leave } from './leave.ts';
import { list } from './list.ts';
import { members } from './members.ts';
import { removeMember } from './remove-member.ts';
import { revokeInvite } from './revoke-invite.ts';
import { setRetention } from './set-retention.ts';
import { setRole } from './set-role.ts';
import { update } from './update.ts';

export const workspace = {
  /** Creates a workspace; its creator becomes its Owner. */
  create,
  /** The workspaces that you are in, each with your role. */
  list,
  /** A workspace; for its members. */
  get,
  /** Changes name or description; for Admins and Owners. */
  update,
  /** Deletes a workspace with all its chats; for Owners. */
  delete: deleteWorkspace,
  /** Everyone who is in a workspace now. */
  members,
  /** Changes the role of a member below you. */
  setRole,
  /** Removes a member below you, also from its chats. */
  removeMember,
  /** Leaves a workspace and all its chats; the last Owner cannot. */
  leave,
  /** The public channels of a workspace by name, joined or not. */
  channels,
  /** Creates an invitation, whose token is shown once; for Admins and Owners. */
  invite,
  /** The invitations that are neither revoked nor expired; for Admins and Owners. */
  invites,
  /** Ends an invitation; for Admins and Owners. */
  revokeInvite,
  /** Joins a workspace with an invitation’s token. */
  acceptInvite,
  /** The placeholders of imports that you can claim; for Owners also those that others claim. */
  claims,
  /** Claims a placeholder with your address; an Owner confirms it. */
  claim,
  /** Confirms or refuses a claim; for Owners. */
  decideClaim,
  /** Who did what to whom in a workspace, newest first; for Owners. */
  auditLog,
  /** Sets after how many days messages are purged; for Owners. */
  setRetention,
  /** Everything in a workspace that you as an Owner can read, in pages of lines. */
  export: exportWorkspace,
};
