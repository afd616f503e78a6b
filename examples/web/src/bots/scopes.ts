import type { BotScope } from '@fechatter/client';
import { Refusal } from '../ui/refusal.ts';
import { texts } from './texts.ts';

/** What a bot's key may do, in words: all that a Member can use, and the scopes that the bot has without having been given them here. */
export const scopeOptions = (given: readonly BotScope[]): Readonly<Record<string, string>> => ({
  ...texts.scopes,
  ...Object.fromEntries(given.filter((scope) => !(scope in texts.scopes)).map((scope) => [scope, scope])),
});

/** The chosen scopes of a form; throws if there is none. */
export function scopesOf(fields: FormData, given: readonly BotScope[] = []): BotScope[] {
  const offered = [...(Object.keys(texts.scopes) as BotScope[]), ...given];
  const chosen = new Set(fields.getAll('scopes'));
  const scopes = [...new Set(offered)].filter((scope) => chosen.has(scope));
  if (scopes.length === 0) throw new Refusal(texts.chooseScope);
  return scopes;
}
