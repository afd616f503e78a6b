import type { WebhookKind } from '@fechatter/client';
import { Refusal } from '../ui/sentence-of.ts';

/** The kinds of events that a webhook sends, in words. */
export const kindWords: Readonly<Record<WebhookKind, string>> = {
  'message.created': 'A message was sent',
  'message.updated': 'A message was edited',
  'message.deleted': 'A message was deleted',
  'message.reacted': 'Somebody reacted to a message',
  'message.pinned': 'A message was pinned',
  'message.unpinned': 'A message was unpinned',
  'member.joined': 'Somebody joined a conversation',
  'member.left': 'Somebody left a conversation',
  'member.updated': 'A role in a conversation was changed',
  'chat.created': 'A conversation began',
  'chat.updated': 'A conversation was changed',
  'chat.deleted': 'A conversation was deleted',
  'chat.purged': 'Old messages were deleted for good',
  'file.updated': 'A file can be downloaded',
  'emoji.updated': 'An emoji of the workspace was changed',
  'workspace.updated': 'The workspace was changed',
  'workspace.deleted': 'The workspace was deleted',
  'workspace.memberJoined': 'Somebody joined the workspace',
  'workspace.memberLeft': 'Somebody left the workspace',
  'workspace.memberUpdated': 'A role in the workspace was changed',
  'user.updated': 'Somebody changed their name or picture',
  'chat.read': 'The bot read a conversation',
  'chat.preferences': 'The bot’s notifications were changed',
  'thread.read': 'The bot read a thread',
  'message.saved': 'The bot saved a message',
  'message.unsaved': 'The bot unsaved a message',
  'user.preferences': 'The bot’s preferences were changed',
  'session.revoked': 'The bot’s key was replaced',
};

/** The chosen kinds of a form; throws if there is none. */
export function kindsOf(fields: FormData): WebhookKind[] {
  const chosen = new Set(fields.getAll('kinds'));
  const kinds = (Object.keys(kindWords) as WebhookKind[]).filter((kind) => chosen.has(kind));
  if (kinds.length === 0) throw new Refusal('Choose at least one kind of event.');
  return kinds;
}
