import { z } from 'zod';
import { OutputId } from '../ids.ts';
import { pageInput } from '../page.ts';
import { AvatarUrl, Name, Typed } from '../text.ts';

/** `Suspended` is the operator's doing and holds for the whole deployment. */
export const Status = z.enum(['Active', 'Suspended']);
export type Status = z.infer<typeof Status>;

/** A person, as those see them who share a workspace. */
export const User = z.object({
  id: OutputId,
  fullName: z.string(),
  avatarUrl: z.string().nullable(),
  status: Status,
  createdAt: z.date(),
});
export type User = z.infer<typeof User>;

/** Oneself. `emailVerifiedAt`: when the address was proved, null: it was not. */
export const Me = User.extend({ email: z.string(), emailVerifiedAt: z.date().nullable() });
export type Me = z.infer<typeof Me>;

/** Who wrote a message. */
export const Sender = z.object({ id: OutputId, name: z.string(), avatarUrl: z.string().nullable() });
/** A person in a list of members. */
export const MemberUser = Sender.extend({ status: Status });
export type MemberUser = z.infer<typeof MemberUser>;

export const UserUpdate = z.object({ fullName: Name.optional(), avatarUrl: AvatarUrl.nullable().optional() });

export const UserPage = z.object(pageInput).optional();

/** There is no way back: the word must be spelled out. */
export const AccountErasure = z.object({ password: Typed, confirmation: z.literal('erase') });
