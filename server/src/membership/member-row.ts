import { type Member, type Role, type Status } from '@fechatter/contract';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';

/** An open membership, of a workspace or a chat, as SQL returns it. */
export interface MemberRow {
  user_id: string;
  name: string;
  avatar_url: string | null;
  status: Status;
  role: Role;
  joined_at: Date;
}

/** The columns of a {@link MemberRow}, for memberships `p` joined with users `u`. */
export const memberColumns = 'p.user_id, u.full_name as name, u.avatar_url, u.status, p.role, p.joined_at';

export const memberOf = (row: MemberRow): Member => ({
  user: { id: row.user_id, name: row.name, avatarUrl: row.avatar_url, status: row.status },
  role: row.role,
  joinedAt: row.joined_at,
});

/** Members are listed by user id: it is unique, and none moves while one pages. */
export const memberPages = pagesOf('members', z.uuid(), (row: MemberRow) => row.user_id);
