import type { Invite, Role } from '@fechatter/contract';
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';

const TOKEN_BYTES = 32;

/** The token that an invited person presents; shown once. */
export const newInviteToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** An invitation, as SQL returns it. */
export interface InviteRow {
  id: string;
  role: Role;
  email: string | null;
  max_uses: number;
  uses: number;
  expires_at: Date;
}

export const inviteColumns = 'i.id, i.role, i.email, i.max_uses, i.uses, i.expires_at';

export const inviteOf = (row: InviteRow): z.infer<typeof Invite> => ({
  id: row.id,
  role: row.role,
  email: row.email,
  maxUses: row.max_uses,
  uses: row.uses,
  expiresAt: row.expires_at,
});
