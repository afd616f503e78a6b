import type { Role } from '@fechatter/contract';
import { appendEvents, sql, type Tx } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { endChatMembership } from './chat-changes.ts';
import { type Change, nextWorkspaceSeq, type Person } from './changes.ts';

export interface WorkspaceChanges {
  workspace(...people: Person[]): Promise<string>;
  joinWorkspace(workspaceId: string, person: Person, role?: Role): Promise<void>;
  setRole(workspaceId: string, person: Person, role: Role): Promise<void>;
  leaveWorkspace(workspaceId: string, person: Person): Promise<void>;
  deleteWorkspace(workspaceId: string): Promise<void>;
  rename(workspaceId: string, person: Person, name: string): Promise<void>;
}

/** Changes of workspaces. */
export function workspaceChanges(change: Change): WorkspaceChanges {
  const changes: WorkspaceChanges = {
    async workspace(...people) {
      const id = randomUUID();
      await change(async (tx) => {
        await tx.execute(sql`insert into workspaces (id, name) values (${id}, 'a workspace')`);
        await tx.execute(sql`insert into workspace_heads (workspace_id) values (${id})`);
      });
      for (const person of people) await changes.joinWorkspace(id, person);
      return id;
    },
    joinWorkspace: (workspaceId, person, role = 'Member') =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        await tx.execute(sql`insert into workspace_members (workspace_id, user_id, role, joined_seq)
          values (${workspaceId}, ${person.id}, ${role}, ${seq})`);
        const kind = 'workspace.memberJoined';
        await appendEvents(tx, [{ kind, workspaceId, workspaceSeq: seq, subjectId: person.id, facts: { role } }]);
      }),
    setRole: (workspaceId, person, role) =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        await tx.execute(sql`update workspace_members set role = ${role},
            guest_seq = case when (role = 'Guest') <> (${role} = 'Guest') then ${seq} else guest_seq end
          where workspace_id = ${workspaceId} and user_id = ${person.id} and left_seq is null`);
        const sharedChats = await sharedChatsOf(tx, workspaceId, person);
        const place = { workspaceId, workspaceSeq: seq, subjectId: person.id, sharedChats };
        await appendEvents(tx, [{ kind: 'workspace.memberUpdated', ...place, facts: { role } }]);
      }),
    leaveWorkspace: (workspaceId, person) =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        const { rows } = await tx.execute<{ id: string }>(sql`select m.chat_id as id from chat_members m
          join chat_heads h on h.chat_id = m.chat_id
          where h.workspace_id = ${workspaceId} and m.user_id = ${person.id} and m.left_seq is null order by 1`);
        await tx.execute(sql`update workspace_members set left_seq = ${seq}
          where workspace_id = ${workspaceId} and user_id = ${person.id} and left_seq is null`);
        for (const { id } of rows) await endChatMembership(tx, { id, workspaceId }, person);
        await appendEvents(tx, [
          { kind: 'workspace.memberLeft', workspaceId, workspaceSeq: seq, subjectId: person.id },
        ]);
      }),
    deleteWorkspace: (workspaceId) =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        await tx.execute(sql`update workspaces set deleted_at = now() where id = ${workspaceId}`);
        await tx.execute(
          sql`update workspace_members set left_seq = ${seq} where workspace_id = ${workspaceId} and left_seq is null`,
        );
        await appendEvents(tx, [{ kind: 'workspace.deleted', workspaceId, workspaceSeq: seq }]);
      }),
    rename: (workspaceId, person, name) =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        await tx.execute(sql`update users set full_name = ${name} where id = ${person.id}`);
        const sharedChats = await sharedChatsOf(tx, workspaceId, person);
        const place = { workspaceId, workspaceSeq: seq, subjectId: person.id, sharedChats };
        await appendEvents(tx, [{ kind: 'user.updated', ...place }]);
      }),
  };
  return changes;
}

/** The chats of a person with their seqs, also those without Guests, which makes no difference. */
async function sharedChatsOf(tx: Tx, workspaceId: string, { id }: Person): Promise<Record<string, number>> {
  const { rows } = await tx.execute<{ shared: Record<string, number> }>(sql`
    select coalesce(jsonb_object_agg(h.chat_id, h.last_seq), '{}') as shared
    from chat_heads h join chat_members m on m.chat_id = h.chat_id and m.left_seq is null
    where h.workspace_id = ${workspaceId} and m.user_id = ${id}`);
  return rows[0]?.shared ?? {};
}
