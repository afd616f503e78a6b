import { allows, type Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { useEffect, useState } from 'react';
import { chatter } from '../chatter.ts';
import { chatLink, goTo } from '../route.ts';
import type { Entry } from './entry.ts';
import { texts } from './texts.ts';

const PAGE_MAX = 100;
/** So many channels are read once and searched here, with diacritics folded; in a larger workspace the service searches too. */
const READ_MAX = 1_000;
/** Each search of the service counts: it is made after this time without typing. */
const TYPED_MS = 250;
const ORDER = 100_000;

type Channel = Awaited<ReturnType<typeof chatter.workspace.channels.query>>['channels'][number];

/** The public channels that the person is not in; choosing one shows it, with a button to join. */
export function useOtherChannels({ id: workspaceId, role }: Workspace, typed: string): readonly Entry[] {
  const isNeeded = typed.trim() !== '' && allows(role, 'chat.create');
  const [known, setKnown] = useState<ReadonlyMap<string, Channel>>(new Map());
  const [isComplete, setComplete] = useState(true);
  const joined = new Set(useChats(workspaceId).map(({ id }) => id));
  const add = (channels: readonly Channel[]) =>
    setKnown((before) => new Map([...before, ...channels.map((channel) => [channel.id, channel] as const)]));

  useEffect(() => {
    if (!isNeeded) return undefined;
    let isWanted = true;
    const read = async () => {
      let cursor: string | undefined;
      for (let count = 0; count < READ_MAX; count += PAGE_MAX) {
        const page = await chatter.workspace.channels.query({ workspaceId, limit: PAGE_MAX, cursor });
        if (!isWanted) return;
        add(page.channels);
        if (page.nextCursor === null) return;
        cursor = page.nextCursor;
      }
      setComplete(false);
    };
    // What is known without the service is shown all the same.
    read().catch(() => isWanted && setComplete(false));
    return () => {
      isWanted = false;
    };
  }, [workspaceId, isNeeded]);

  useEffect(() => {
    if (!isNeeded || isComplete) return undefined;
    let isWanted = true;
    const timer = setTimeout(() => {
      const query = typed.trim();
      const found = chatter.workspace.channels.query({ workspaceId, limit: PAGE_MAX, query });
      found.then(
        ({ channels }) => isWanted && add(channels),
        () => {},
      );
    }, TYPED_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [workspaceId, isNeeded, isComplete, typed]);

  if (!isNeeded) return [];
  return [...known.values()]
    .filter(({ id }) => !joined.has(id))
    .map(({ id, name, archivedAt }) => ({
      key: id,
      name,
      hint: archivedAt === null ? texts.hints.notJoined : texts.hints.archived,
      sign: { chat: { id, name, chatType: 'PublicChannel', otherUserId: null } },
      order: ORDER,
      go: () => goTo(chatLink({ workspaceId, id })),
    }));
}
