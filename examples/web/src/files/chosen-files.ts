import { useMemo, useSyncExternalStore } from 'react';
import { chatter } from '../chatter.ts';

/** Files that were chosen for the message that is written under a draft's name. */
export interface Chosen {
  readonly files: readonly File[];
  /** Pictures keep their location and camera. */
  readonly asFile: boolean;
}

const NONE: Chosen = { files: [], asFile: false };
/** They outlive a switch to another chat, not a reload. */
const chosen = new Map<string, Chosen>();
const listeners = new Set<() => void>();
const keyOf = (draftName: string) => `${chatter.session?.id}.${draftName}`;

export function choose(draftName: string, next: Partial<Chosen>): void {
  const now = { ...(chosen.get(keyOf(draftName)) ?? NONE), ...next };
  if (now.files.length === 0) chosen.delete(keyOf(draftName));
  else chosen.set(keyOf(draftName), now);
  for (const listener of listeners) listener();
}

export const addFiles = (draftName: string, files: readonly File[]): void =>
  choose(draftName, { files: [...(chosen.get(keyOf(draftName)) ?? NONE).files, ...files] });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useChosen = (draftName: string): Chosen =>
  useSyncExternalStore(subscribe, () => chosen.get(keyOf(draftName)) ?? NONE);

/** The draft names with this prefix that have chosen files. */
export function useChosenNames(beginning = ''): readonly string[] {
  const prefix = keyOf(beginning);
  const joined = useSyncExternalStore(subscribe, () =>
    [...chosen.keys()].flatMap((key) => (key.startsWith(prefix) ? key.slice(keyOf('').length) : [])).join('\n'),
  );
  return useMemo(() => (joined === '' ? [] : joined.split('\n')), [joined]);
}

/** The files of a drop or of the clipboard; folders are left out. */
export const filesIn = ({ items }: DataTransfer): File[] =>
  [...items].flatMap((item) => {
    const file = item.webkitGetAsEntry()?.isDirectory === true ? null : item.getAsFile();
    return file === null ? [] : [file];
  });
