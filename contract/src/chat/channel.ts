import { z } from 'zod';
import { Id } from '../ids.ts';
import { NextCursor } from '../page.ts';

/** A public channel, as everyone in the workspace can find it. */
export const Channel = z.object({
  id: Id,
  name: z.string(),
  topic: z.string().nullable(),
  archivedAt: z.date().nullable(),
  memberCount: z.int().nonnegative(),
  joined: z.boolean(),
  createdAt: z.date(),
});
export const ChannelList = z.object({ channels: z.array(Channel), nextCursor: NextCursor });
