import { z } from 'zod';
import { Id, OutputId } from '../ids.ts';
import { WorkspaceRef } from '../workspace/workspace.ts';

/** A name without its colons: 2 to 32 of a to z, 0 to 9 and `_`. */
export const EmojiName = z.string().regex(/^[a-z0-9_]{2,32}$/);
/** An emoji of a workspace: `:name:` in messages and reactions, shown as the picture at `/f/<fileId>`. */
export const Emoji = z.object({ name: z.string(), fileId: OutputId, createdBy: OutputId, createdAt: z.date() });
export type Emoji = z.infer<typeof Emoji>;

export const EmojiRef = WorkspaceRef.extend({ name: EmojiName });
/** `fileId` is a picture that the caller has uploaded into the workspace. */
export const EmojiCreate = EmojiRef.extend({ fileId: Id });
/** By name; a workspace has at most `limits.emojiMax`. */
export const EmojiList = z.object({ emoji: z.array(Emoji) });
