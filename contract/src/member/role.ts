import { z } from 'zod';
import { chatRoles, roles } from './roles.ts';

/**
 * Owner > Admin > Member, in workspaces and in chats, and in workspaces below them Guest: a Guest sees the chats that
 * they were added to, and the people in them.
 */
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;
/** A role that can be given in a chat. */
export const ChatRole = z.enum(chatRoles);
export type ChatRole = z.infer<typeof ChatRole>;
