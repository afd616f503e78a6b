import { allows, type Workspace } from '@fechatter/client';
import { useStore, useWorkspaces } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { type DialogName, showDialog } from '../dialogs/shown-dialog.ts';
import { goTo, pageLink, workspaceLink } from '../route.ts';
import type { IconName } from '../ui/icon.tsx';
import { markAllRead } from '../workspace/mark-all-read.ts';
import type { Entry } from './entry.ts';
import { texts } from './texts.ts';

type ActionName = keyof typeof texts.actions;
const ORDER = { actions: 20_000, workspaces: 300_000 } as const;

/** What can be done from everywhere, as far as the person may do it. */
export function useActions({ id: workspaceId, role }: Workspace): readonly Entry[] {
  const store = useStore();
  const can = (permission: Parameters<typeof allows>[1]) => allows(role, permission);
  const dialog = (name: DialogName & ActionName, icon: IconName) =>
    action(name, icon, { go: () => showDialog(name, workspaceId) });
  return [
    action('threads', 'thread', { go: () => goTo(pageLink(workspaceId, 'threads')) }),
    action('saved', 'bookmark', { go: () => goTo(pageLink(workspaceId, 'saved')) }),
    dialog('search', 'search'),
    action('markAllRead', 'unread', { prepare: () => markAllRead(store, workspaceId).then(() => undefined) }),
    ...(can('chat.create') ? [dialog('direct', 'plus'), dialog('channel', 'plus'), dialog('browse', 'search')] : []),
    dialog('people', 'people'),
    ...(can('workspace.invite') ? [dialog('invite', 'invite')] : []),
    ...(can('workspace.update') ? [dialog('settings', 'settings')] : []),
    dialog('account', 'settings'),
    dialog('workspace', 'plus'),
    dialog('shortcuts', 'more'),
    action('signOut', 'back', { prepare: () => chatter.auth.signout.mutate().then(() => undefined) }),
  ].map((entry, index) => ({ ...entry, order: ORDER.actions + index }));
}

/** The person's other workspaces. */
export function useOtherWorkspaces(currentId: string): readonly Entry[] {
  return useWorkspaces()
    .filter(({ id }) => id !== currentId)
    .map(({ id, name }, index) => ({
      key: id,
      name,
      hint: texts.hints.workspace,
      sign: { workspaceId: id },
      order: ORDER.workspaces + index,
      go: () => goTo(workspaceLink(id)),
    }));
}

const action = (
  name: ActionName,
  icon: IconName,
  { prepare, go = () => {} }: { readonly prepare?: () => Promise<undefined>; readonly go?: () => void },
): Entry => ({
  key: name,
  name: texts.actions[name],
  alsoCalled: texts.alsoCalled[name],
  hint: texts.hints.action,
  sign: { icon },
  order: 0,
  go,
  ...(prepare && { prepare }),
});
