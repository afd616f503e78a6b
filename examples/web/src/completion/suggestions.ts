import { useChats, useEmoji, useMembers } from '@fechatter/client/react';
import { chatter } from '../chatter.ts';
import { useChosen } from '../emoji/chosen.ts';
import { findEmoji } from '../emoji/find-emoji.ts';
import { useEmojiTable } from '../emoji/use-emoji-table.ts';
import type { ChatOfNames } from './completing-area.tsx';
import { EVERYONE } from './names.ts';
import { texts } from './texts.ts';
import type { Token } from './token.ts';

/** Something that a token can be completed to. */
export interface Suggestion {
  readonly key: string;
  /** What is written instead of the token. */
  readonly text: string;
  readonly label: string;
  readonly hint?: string;
  /** A person, with their picture. */
  readonly person?: { readonly id: string; readonly name: string; readonly avatarUrl: string | null };
  readonly emoji?: string;
}

const SHOWN_MAX = 8;

/** The members of a chat whose names have a word that begins like the token, and everyone. */
export function usePeopleSuggestions(chat: ChatOfNames, { query }: Token): readonly Suggestion[] {
  const members = useMembers(chat.id) ?? [];
  const people = members
    // One who is called everyone cannot be told from everyone.
    .filter(({ user }) => user.id !== chatter.session?.id && user.name !== EVERYONE && begins(user.name, query))
    .map(({ user: { id, name, avatarUrl } }) => ({
      key: id,
      text: `@${name}`,
      label: name,
      person: { id, name, avatarUrl },
    }))
    .toSorted((a, b) => rankOf(a.label, query) - rankOf(b.label, query) || a.label.localeCompare(b.label))
    .slice(0, SHOWN_MAX);
  const everyone = { key: EVERYONE, text: `@${EVERYONE}`, label: texts.everyone, hint: texts.everyoneHint };
  return EVERYONE.startsWith(query.toLowerCase()) && chat.chatType !== 'Single' ? [...people, everyone] : people;
}

/** The person's channels. */
export function useChatSuggestions(chat: ChatOfNames, { query }: Token): readonly Suggestion[] {
  return useChats(chat.workspaceId)
    .filter(({ chatType, name }) => chatType.endsWith('Channel') && begins(name, query))
    .map(({ id, name }) => ({ key: id, text: `#${name}`, label: `#${name}` }))
    .slice(0, SHOWN_MAX);
}

export function useEmojiSuggestions(chat: ChatOfNames, { query }: Token): readonly Suggestion[] {
  const rows = useEmojiTable() ?? [];
  const custom = useEmoji(chat.workspaceId)?.keys() ?? [];
  const { tone } = useChosen();
  return findEmoji(query, { rows, custom, tone, max: SHOWN_MAX }).map(({ emoji, name }) => ({
    key: emoji,
    text: emoji,
    label: `:${name}:`,
    emoji,
  }));
}

const begins = (name: string, query: string): boolean => rankOf(name, query) < 2;

/** 0: the name begins so; 1: one of its words does. */
function rankOf(name: string, query: string): number {
  const [whole, asked] = [name.toLowerCase(), query.toLowerCase()];
  if (whole.startsWith(asked)) return 0;
  return whole.split(/[\s_-]+/).some((word) => word.startsWith(asked)) ? 1 : 2;
}
