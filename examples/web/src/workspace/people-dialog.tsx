import type { Workspace } from '@fechatter/client';
import { chatter } from '../chatter.ts';
import { MemberList } from '../chat/member-list.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/form.tsx';
import { roleOf, rolesUpTo } from '../ui/roles.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { useCall } from '../ui/use-call.ts';
import { texts } from './texts.ts';
import { useWorkspaceMembers } from './use-workspace-members.ts';

export interface PeopleDialogProps {
  readonly workspace: Workspace;
  readonly onClose: () => void;
}

/** The members of a workspace, with their roles. */
export function PeopleDialog({ workspace: { id: workspaceId, name, role }, onClose }: PeopleDialogProps) {
  const members = useWorkspaceMembers(workspaceId);
  const { run, problem } = useCall();
  return (
    <Dialog title={texts.peopleIn(name)} onClose={onClose}>
      <Problem text={problem} />
      <MemberList
        members={members}
        ownRole={role}
        given={{
          roles: rolesUpTo(role),
          onRole: (userId, given) =>
            run(() => chatter.workspace.setRole.mutate({ workspaceId, userId, role: roleOf(given) })),
        }}
        onRemove={(userId) => run(() => chatter.workspace.removeMember.mutate({ workspaceId, userId }))}
      />
      <footer>
        <SureButton
          question={texts.leaveSure}
          onSure={() => run(() => chatter.workspace.leave.mutate({ workspaceId }))}
        >
          {texts.leave}
        </SureButton>
      </footer>
    </Dialog>
  );
}
