import { z } from 'zod';
import { Chat } from '../chat/chat.ts';
import { defineEvent } from '../event/define.ts';
import { ofChat, ofWorkspace } from '../event/plain-form.ts';
import { Id } from '../ids.ts';
import { MemberUser } from '../user/user.ts';
import { WorkspaceProfile } from '../workspace/workspace.ts';
import { Role } from './role.ts';

/** The role of the person from this event on. */
const facts = z.object({ role: Role });
/** Who did it: the person themselves, or someone else. Missing: an app, an operator or a rule did, or it is not known. */
const by = { byId: Id.optional() };
const inChat = facts.extend(by);

/** Memberships of chats. */
export const memberEvents = [
  defineEvent({
    kind: 'member.joined',
    code: 13,
    scope: 'chat',
    effect: 'opens',
    needs: ['user', 'chat'],
    facts: inChat,
    shape: { user: MemberUser, role: Role, chat: Chat, ...by },
    read: ({ user, chat, facts: { role, ...who } }) => ({ user, role, chat, ...who }),
    plain: (e) => ofChat(e, 'member_joined', e.user.id),
  }),
  defineEvent({
    kind: 'member.left',
    code: 30,
    scope: 'chat',
    effect: 'ends',
    facts: z.object(by),
    shape: { userId: Id, ...by },
    read: ({ subjectId, facts }) => ({ userId: subjectId, ...facts }),
    plain: (e) => ofChat(e, 'member_left', e.userId),
  }),
  defineEvent({
    kind: 'member.updated',
    code: 14,
    scope: 'chat',
    facts: inChat,
    shape: { userId: Id, role: Role, ...by },
    read: ({ subjectId, facts }) => ({ userId: subjectId, ...facts }),
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
    facts,
    shape: { user: MemberUser, role: Role, workspace: WorkspaceProfile },
    read: ({ user, workspace, facts: { role } }) => ({ user, role, workspace }),
    plain: (e) => ofWorkspace(e, 'member_joined', e.user.id),
  }),
  defineEvent({
    kind: 'workspace.memberLeft',
    code: 32,
    scope: 'workspace',
    effect: 'ends',
    shape: { userId: Id },
    read: ({ subjectId }) => ({ userId: subjectId }),
    plain: (e) => ofWorkspace(e, 'member_left', e.userId),
  }),
  defineEvent({
    kind: 'workspace.memberUpdated',
    code: 22,
    scope: 'workspace',
    effect: 'changes',
    // A Guest sees less than a Member.
    takesAway: ({ role }) => role === 'Guest',
    facts,
    shape: { userId: Id, role: Role },
    read: ({ subjectId, facts: { role } }) => ({ userId: subjectId, role }),
    plain: (e) => ofWorkspace(e, 'member_updated', e.userId),
  }),
] as const;
