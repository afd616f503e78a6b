import { allows, type ChatRow, type Workspace } from '@fechatter/client';
import { useChats } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { chatLink, goTo } from '../route.ts';
import { useWorkspaceMembers } from '../workspace/use-workspace-members.ts';
import type { Entry } from './entry.ts';
import { texts } from './texts.ts';
import { visits } from './visits.ts';

/** What comes first where nothing is typed, or names match equally well. */
const ORDER = { mentioned: 0, unread: 1_000, visited: 2_000, rest: 10_000, people: 200_000 } as const;

/** The person's conversations, the ones that wait for them first, then those that they were in. */
export function useConversations(workspaceId: string): readonly Entry[] {
  const chats = useChats(workspaceId);
  const visited = new Map(visits().map((id, index) => [id, index]));
  return chats.map((chat, index): Entry => {
    const { id, name, unreadCount, archivedAt } = chat;
    return {
      key: id,
      name,
      hint: unreadCount > 0 ? texts.hints.unread(unreadCount) : archivedAt === null ? undefined : texts.hints.archived,
      sign: { chat },
      order: orderOf(chat, index, visited.get(id)),
      go: () => goTo(chatLink(chat)),
    };
  });
}

/** `index`: the conversation with the latest message has 0. */
function orderOf({ unreadCount, mentionNumbers }: ChatRow, index: number, visit: number | undefined): number {
  if (mentionNumbers.length > 0) return ORDER.mentioned + Math.min(index, 999);
  if (unreadCount > 0) return ORDER.unread + Math.min(index, 999);
  return visit === undefined ? ORDER.rest + index : ORDER.visited + visit;
}

/** The people with whom there is no conversation yet: choosing one begins it. */
export function usePeopleToWrite({ id: workspaceId, role }: Workspace): readonly Entry[] {
  const members = useWorkspaceMembers(workspaceId) ?? [];
  const known = new Set(useChats(workspaceId).map(({ otherUserId }) => otherUserId));
  if (!allows(role, 'chat.create')) return [];
  return members
    .map(({ user }) => user)
    .filter(({ id }) => id !== chatter.session?.id && !known.has(id))
    .map(({ id, name, avatarUrl, kind, status }, index): Entry => {
      const isSuspended = status === 'Suspended';
      return {
        key: id,
        name,
        hint: isSuspended ? texts.hints.suspended : kind === 'Bot' ? texts.hints.bot : undefined,
        sign: { person: { id, avatarUrl } },
        order: ORDER.people + index,
        async prepare() {
          const chatType = 'Single';
          return chatLink(await chatter.chat.create.mutate({ chatType, name: '-', workspaceId, memberIds: [id] }));
        },
        go: (link = '') => goTo(link),
      };
    });
}
