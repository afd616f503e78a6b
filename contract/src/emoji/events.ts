import { z } from 'zod';
import { defineEvent } from '../event/define.ts';
import { Id } from '../ids.ts';

export const emojiEvents = [
  defineEvent({
    kind: 'emoji.updated',
    code: 25,
    scope: 'workspace',
    isForGuests: true,
    facts: z.object({ name: z.string(), fileId: Id.nullable() }),
    /** The emoji `:name:` of the workspace has this picture from now on; null: it was deleted. */
    shape: { name: z.string(), fileId: Id.nullable() },
    read: ({ facts }) => facts,
    plain: ({ workspaceId, name, fileId }) => ({
      event: 'emoji_update',
      data: { workspace_id: workspaceId, name, file_id: fileId },
    }),
  }),
] as const;
