import { MembersChanged, MembersSet } from '@fechatter/contract';
import { withServiceKey } from '../access/service-procedures.ts';
import { makeChange } from '../change/change.ts';
import { setWorkspaceMembers } from '../membership/set-workspace-members.ts';
import { adminMeta } from './admin-meta.ts';
import { externalPeople, externalWorkspace } from './external.ts';
import { rolesByPerson } from './roles-by-person.ts';

export const setMembers = withServiceKey('workspaces')
  .meta(
    adminMeta(
      'set-members',
      'Set the members of a workspace',
      'Makes up to 1,000 people members with these roles; members with another role get this one. With `replace`, the ' +
        'memberships of everyone who is not named end, and with them those of the workspace’s chats. All of it happens, ' +
        'or nothing. One of the members must be Owner (`last_owner`). Quotas of people do not apply.',
      ['workspace_not_found', 'user_not_found', 'last_owner'],
    ),
  )
  .input(MembersSet)
  .output(MembersChanged)
  .mutation(({ ctx, input: { workspace, members, mode } }) =>
    makeChange(ctx, async (change) => {
      const workspaceId = await externalWorkspace(change.tx, ctx.serviceKey, workspace);
      const ids = members.map(({ externalId }) => externalId);
      const people = await externalPeople(change.tx, ctx.serviceKey, ids);
      return setWorkspaceMembers(change, workspaceId, rolesByPerson(members, people), mode);
    }),
  );
