import { appendEvents, sql } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { endChatMembership } from './chat-changes.ts';
import { type Change, nextWorkspaceSeq, type Person } from './changes.ts';

export interface WorkspaceChanges {
  workspace(...people: Person[]): Promise<string>;
  joinWorkspace(workspaceId: string, person: Person): Promise<void>;
  leaveWorkspace(workspaceId: string, person: Person): Promise<void>;
  deleteWorkspace(workspaceId: string): Promise<void>;
  rename(workspaceId: string, person: Person, name: string): Promise<void>;
}

/** What happens to workspaces. */
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
    joinWorkspace: (workspaceId, person) =>
      change(async (tx) => {
        const seq = await nextWorkspaceSeq(tx, workspaceId);
        await tx.execute(sql`insert into workspace_members (workspace_id, user_id, role, joined_seq)
          values (${workspaceId}, ${person.id}, 'Member', ${seq})`);
        const kind = 'workspace.memberJoined';
        await appendEvents(tx, [
          { kind, workspaceId, workspaceSeq: seq, subjectId: person.id, facts: { role: 'Member' } },
        ]);
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
        await appendEvents(tx, [{ kind: 'user.updated', workspaceId, workspaceSeq: seq, subjectId: person.id }]);
      }),
  };
  return changes;
}
