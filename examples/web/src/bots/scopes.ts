import type { BotScope } from '@fechatter/client';
import { Refusal } from '../ui/sentence-of.ts';

/** What a bot's key may do, in words: all that a Member can use. */
const scopeWords = {
  read: 'Read everything that it sees, and follow events',
  write: 'All of what follows',
  'message.send': 'Send messages',
  'message.react': 'React to messages',
  'message.edit': 'Edit its messages',
  'message.delete': 'Delete its messages',
  'message.pin': 'Pin messages',
  'chat.join': 'Join channels',
  'chat.leave': 'Leave conversations',
} as const satisfies Partial<Record<BotScope, string>>;

/** The same, and the scopes that the bot has without having been given them here. */
export const scopeOptions = (given: readonly BotScope[]): Readonly<Record<string, string>> => ({
  ...scopeWords,
  ...Object.fromEntries(given.filter((scope) => !(scope in scopeWords)).map((scope) => [scope, scope])),
});

/** The chosen scopes of a form; throws if there is none. */
export function scopesOf(fields: FormData, given: readonly BotScope[] = []): BotScope[] {
  const offered = [...(Object.keys(scopeWords) as BotScope[]), ...given];
  const chosen = new Set(fields.getAll('scopes'));
  const scopes = [...new Set(offered)].filter((scope) => chosen.has(scope));
  if (scopes.length === 0) throw new Refusal('Choose at least one thing that it may do.');
  return scopes;
}
