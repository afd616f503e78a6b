import { z } from 'zod';
import { Id } from '../ids.ts';
import { NextCursor } from '../page.ts';
import { MemberUser } from '../user/user.ts';

/**
 * A placeholder of an import, and who claims it: null as long as nobody does. It can be claimed by the person who has
 * verified the address that the source gives, and an Owner confirms.
 */
export const Claim = z.object({
  placeholder: MemberUser,
  claimant: MemberUser.nullable(),
  claimedAt: z.date().nullable(),
});
export type Claim = z.infer<typeof Claim>;
export const ClaimList = z.object({ claims: z.array(Claim), nextCursor: NextCursor });

/** `userId` is the placeholder’s. */
export const ClaimRef = z.object({ workspaceId: Id, userId: Id });
/** `claimantId` is whom you saw: a claim that has changed since is not decided. */
export const ClaimDecision = ClaimRef.extend({ claimantId: Id, isConfirmed: z.boolean() });
