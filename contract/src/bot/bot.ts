import { z } from 'zod';
import { Id, OutputId } from '../ids.ts';
import { limits } from '../limits.ts';
import { AvatarUrl, Name } from '../text.ts';
import { groupOfPermission, scopeGroups } from './scope-groups.ts';

/**
 * What a key may do: `read`, `write` and `manage` are short for all permissions of their kind, and the others are
 * permissions themselves. The bot must have the permission too: it is a Member of its workspace and in its chats.
 */
export const BotScope = z.enum([...scopeGroups, ...permissionsOfKeys()]);
export type BotScope = z.infer<typeof BotScope>;

/** A program that takes part in the chats of one workspace. Its `id` is that of its user. */
export const Bot = z.object({
  id: OutputId,
  workspaceId: OutputId,
  name: z.string(),
  avatarUrl: z.string().nullable(),
  scopes: z.array(BotScope),
  createdBy: OutputId.nullable(),
  createdAt: z.date(),
});
export type Bot = z.infer<typeof Bot>;

const Scopes = z.array(BotScope).min(1).max(limits.botScopesMax);
export const BotCreate = z.object({
  workspaceId: Id,
  name: Name,
  avatarUrl: AvatarUrl.nullable().optional(),
  scopes: Scopes,
});
/** The key is shown only here, once; the service keeps only its hash. */
export const NewBot = z.object({ bot: Bot, apiKey: z.string() });
/** All bots of the workspace, oldest first: there are at most 100. */
export const BotList = z.object({ bots: z.array(Bot) });
export const BotRef = z.object({ botId: Id });
export const BotUpdate = BotRef.extend({
  name: Name.optional(),
  avatarUrl: AvatarUrl.nullable().optional(),
  scopes: Scopes.optional(),
});
/** The new key of a bot; the one before has ended. */
export const NewApiKey = z.object({ apiKey: z.string() });

/** Those that a key can have. */
function permissionsOfKeys() {
  type Groups = typeof groupOfPermission;
  type Given = { [P in keyof Groups]: Groups[P] extends null ? never : P }[keyof Groups];
  const names = Object.keys(groupOfPermission) as (keyof Groups)[];
  return names.filter((name): name is Given => groupOfPermission[name] !== null);
}
