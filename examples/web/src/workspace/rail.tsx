import type { Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { showDialog } from '../dialogs/shown-dialog.ts';
import { workspaceLink } from '../route.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { texts } from './texts.ts';
import { useWorkspaceMembers } from './use-workspace-members.ts';

export interface RailProps {
  readonly workspaces: readonly Workspace[];
  readonly current: Workspace;
}

/** The person's workspaces and account. */
export function Rail({ workspaces, current }: RailProps) {
  const me = useWorkspaceMembers(current.id)?.find(({ user }) => user.id === chatter.session?.id)?.user;
  const name = me?.name ?? chatter.session?.fullName ?? '';
  return (
    <nav className="rail" aria-label={texts.workspaces}>
      {workspaces.map((workspace) => (
        <WorkspaceLink key={workspace.id} workspace={workspace} isCurrent={workspace.id === current.id} />
      ))}
      <button
        type="button"
        className="icon"
        aria-label={texts.newWorkspace}
        onClick={() => showDialog('workspace', current.id)}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="me"
        aria-label={texts.accountOf(name)}
        onClick={() => showDialog('account', current.id)}
      >
        <Avatar id={chatter.session?.id ?? ''} name={name} avatarUrl={me?.avatarUrl} />
      </button>
    </nav>
  );
}

function WorkspaceLink({ workspace, isCurrent }: { readonly workspace: Workspace; readonly isCurrent: boolean }) {
  const unread = useChats(workspace.id).reduce((sum, chat) => sum + chat.unreadCount, 0);
  return (
    <a
      href={workspaceLink(workspace.id)}
      title={workspace.name}
      aria-label={unread > 0 ? texts.unreadIn({ name: workspace.name, unread }) : workspace.name}
      aria-current={isCurrent ? 'page' : undefined}
    >
      <Avatar id={workspace.id} name={workspace.name} />
      {unread > 0 && !isCurrent && <span className="dot" />}
    </a>
  );
}
