import { useSyncExternalStore } from 'react';

/** The dialogs of a workspace, and of the person in it. */
export type DialogName =
  | 'account'
  | 'browse'
  | 'channel'
  | 'direct'
  | 'invite'
  | 'people'
  | 'search'
  | 'settings'
  | 'shortcuts'
  | 'switcher'
  | 'workspace';

/** A dialog belongs to the workspace in which it was opened, and is closed with it. */
interface ShownDialog {
  readonly name: DialogName;
  readonly workspaceId: string;
}

let shown: ShownDialog | undefined;
const listeners = new Set<() => void>();

/** Opens a dialog, by a button, a shortcut or the switcher. One is open at a time. */
export function showDialog(name: DialogName, workspaceId: string): void {
  show({ name, workspaceId });
}

/** Closes it, unless another one has been opened meanwhile. */
export function closeDialog(name: DialogName): void {
  if (shown?.name === name) show(undefined);
}

/** The open dialog of a workspace. */
export function useShownDialog(workspaceId: string): DialogName | undefined {
  const now = useSyncExternalStore(subscribe, () => shown);
  return now?.workspaceId === workspaceId ? now.name : undefined;
}

function show(next: ShownDialog | undefined): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
