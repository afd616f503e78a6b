import { z } from 'zod';
import { NextCursor } from '../page.ts';
import { MemberUser } from '../user/user.ts';
import { Role } from './role.ts';

/** A membership that is open now. */
export const Member = z.object({ user: MemberUser, role: Role, joinedAt: z.date() });
export type Member = z.infer<typeof Member>;
export const MemberList = z.object({ members: z.array(Member), nextCursor: NextCursor });
