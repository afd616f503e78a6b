import { z } from 'zod';

/** Owner > Admin > Member, in workspaces and in chats. */
export const Role = z.enum(['Member', 'Admin', 'Owner']);
export type Role = z.infer<typeof Role>;
