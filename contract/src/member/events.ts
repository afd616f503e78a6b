import { Chat } from '../chat/chat.ts';
import { defineEvent } from '../event/define.ts';
import { ofChat, ofWorkspace } from '../event/plain-form.ts';
import { Id } from '../ids.ts';
import { MemberUser } from '../user/user.ts';
import { WorkspaceProfile } from '../workspace/workspace.ts';
import { Role } from './role.ts';

const roleOf = (facts: Readonly<Record<string, unknown>>) => Role.parse(facts.role);

/** Memberships of chats. */
export const memberEvents = [
  defineEvent({
    kind: 'member.joined',
    code: 13,
    scope: 'chat',
    effect: 'opens',
    needs: ['user', 'chat'],
    shape: { user: MemberUser, role: Role, chat: Chat },
    read: (row, { user, chat }) => ({ user, role: roleOf(row.facts), chat }),
    plain: (e) => ofChat(e, 'member_joined', e.user.id),
  }),
  defineEvent({
    kind: 'member.left',
    code: 30,
    scope: 'chat',
    effect: 'ends',
    shape: { userId: Id },
    read: (row) => ({ userId: row.subjectId ?? '' }),
    plain: (e) => ofChat(e, 'member_left', e.userId),
  }),
  defineEvent({
    kind: 'member.updated',
    code: 14,
    scope: 'chat',
    shape: { userId: Id, role: Role },
    read: (row) => ({ userId: row.subjectId ?? '', role: roleOf(row.facts) }),
    plain: (e) => ofChat(e, 'member_updated', e.userId),
  }),
] as const;

/** Memberships of workspaces. */
export const workspaceMemberEvents = [
  defineEvent({
    kind: 'workspace.memberJoined',
    code: 21,
    scope: 'workspace',
    effect: 'opens',
    needs: ['user', 'workspace'],
    shape: { user: MemberUser, role: Role, workspace: WorkspaceProfile },
    read: (row, { user, workspace }) => ({ user, role: roleOf(row.facts), workspace }),
    plain: (e) => ofWorkspace(e, 'member_joined', e.user.id),
  }),
  defineEvent({
    kind: 'workspace.memberLeft',
    code: 32,
    scope: 'workspace',
    effect: 'ends',
    shape: { userId: Id },
    read: (row) => ({ userId: row.subjectId ?? '' }),
    plain: (e) => ofWorkspace(e, 'member_left', e.userId),
  }),
  defineEvent({
    kind: 'workspace.memberUpdated',
    code: 22,
    scope: 'workspace',
    shape: { userId: Id, role: Role },
    read: (row) => ({ userId: row.subjectId ?? '', role: roleOf(row.facts) }),
    plain: (e) => ofWorkspace(e, 'member_updated', e.userId),
  }),
] as const;
