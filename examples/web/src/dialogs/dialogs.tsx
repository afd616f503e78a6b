import type { Workspace } from '@fechatter/client';
import { type FunctionComponent, useEffect } from 'react';
import { useRoute } from '../route.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { closeDialog, type DialogName, useShownDialog } from './shown-dialog.ts';

interface ShownProps {
  readonly workspace: Workspace;
  /** The open conversation. */
  readonly chatId: string | undefined;
  readonly onClose: () => void;
}

// None is part of what is loaded with the page.
const dialogs: Readonly<Record<DialogName, FunctionComponent<ShownProps>>> = {
  account: onDemand(async () => (await import('../account/account-dialog.tsx')).AccountDialog),
  browse: onDemand(async () => (await import('../channels/channel-browser.tsx')).ChannelBrowser),
  channel: onDemand(async () => (await import('../workspace/new-channel.tsx')).NewChannel),
  direct: onDemand(async () => (await import('../workspace/new-direct.tsx')).NewDirect),
  invite: onDemand(async () => (await import('../workspace/invite-dialog.tsx')).InviteDialog),
  people: onDemand(async () => (await import('../workspace/people-dialog.tsx')).PeopleDialog),
  search: onDemand(async () => (await import('../search/search-dialog.tsx')).SearchDialog),
  settings: onDemand(async () => (await import('../workspace/workspace-dialog.tsx')).WorkspaceDialog),
  shortcuts: onDemand(async () => (await import('../shortcuts/shortcut-list.tsx')).ShortcutList),
  switcher: onDemand(async () => (await import('../switcher/switcher.tsx')).Switcher),
  workspace: onDemand(async () => (await import('../workspace/new-workspace.tsx')).NewWorkspace),
};

/** The open dialog of a workspace; it goes with the workspace. */
export function Dialogs({ workspace }: { readonly workspace: Workspace }) {
  const shown = useShownDialog(workspace.id);
  const { chatId } = useRoute();
  useEffect(() => {
    if (shown === undefined) return undefined;
    // A person who signs in later, or comes back to the workspace, does not find it open.
    return () => closeDialog(shown);
  }, [shown]);
  if (shown === undefined) return null;
  const Shown = dialogs[shown];
  return <Shown key={shown} workspace={workspace} chatId={chatId} onClose={() => closeDialog(shown)} />;
}
