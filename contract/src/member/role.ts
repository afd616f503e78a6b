import { z } from 'zod';
import { roles } from './roles.ts';

/** Owner > Admin > Member, in workspaces and in chats. */
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;
