import { User, UserUpsert } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { withServiceKey } from '../access/service-procedures.ts';
import { insertBrought, isHeld, lockIdentity, personOfIdentity } from '../auth/brought-person.ts';
import { endMailTokens } from '../auth/spend-mail-token.ts';
import { makeChange } from '../change/change.ts';
import { changeProfile, type ProfileChange } from '../change/change-profile.ts';
import type { ServiceContext } from '../context.ts';
import { adminMeta } from './admin-meta.ts';
import { readUser } from './read-user.ts';

export const upsertUser = withServiceKey('users')
  .meta(
    adminMeta(
      'upsert-user',
      'Create or change a person',
      'The person with this `external_id`, which is the subject of tokens of the key’s issuer too. Created if there is ' +
        'none; else the name is set, a missing key leaves its value unchanged, and null removes it. An address is ' +
        'unverified, and one that another account has is `email_taken`. One that the person has verified stays.',
      ['email_taken', 'user_not_found'],
    ),
  )
  .input(UserUpsert)
  .output(User)
  .mutation(async ({ ctx, input }) => {
    const made = await makeChange(ctx, async (change) => {
      const { externalId: subject, fullName, avatarUrl, email } = input;
      const identity = { issuer: ctx.serviceKey.issuer, subject };
      await lockIdentity(change.tx, identity);
      const userId = await personOfIdentity(change.tx, identity);
      if (userId !== undefined) return { userId, isNew: false };
      if (email) await mustBeFree(change.tx, email);
      const person = { ...identity, fullName, avatarUrl: avatarUrl ?? undefined, email: email ?? undefined };
      return { userId: await insertBrought(change, person), isNew: true };
    });
    if (!made.isNew) await update(ctx, made.userId, input);
    return readUser(ctx.deps.db, made.userId);
  });

interface Before extends Record<string, unknown> {
  readonly full_name: string;
  readonly avatar_url: string | null;
  readonly email: string | null;
  readonly is_proved: boolean;
}

function update(ctx: ServiceContext, userId: string, wanted: UserUpsert): Promise<void> {
  return changeProfile(ctx, userId, async (profile) => {
    const { rows } = await profile.tx.execute<Before>(sql`
      select full_name, avatar_url, email, email_verified_at is not null as is_proved
      from users where id = ${userId} and erased_at is null`);
    if (rows[0] === undefined) throw refuse('user_not_found');
    await setProfile(profile, userId, rows[0], wanted);
    await setAddress(profile, userId, rows[0], wanted.email);
  });
}

async function setProfile(
  { tx, change, announce }: ProfileChange,
  userId: string,
  before: Before,
  { fullName, avatarUrl = before.avatar_url }: UserUpsert,
): Promise<void> {
  if (fullName === before.full_name && avatarUrl === before.avatar_url) return;
  await tx.execute(
    sql`update users set full_name = ${fullName}, avatar_url = ${avatarUrl}, updated_at = now() where id = ${userId}`,
  );
  await announce();
  change.note('account.profileSet', { userId });
}

/**
 * A value from an app never replaces one that the person has verified, and never takes an address from another account.
 */
async function setAddress(
  { tx, change }: ProfileChange,
  userId: string,
  before: Before,
  email: UserUpsert['email'],
): Promise<void> {
  if (email === undefined || before.is_proved || email?.toLowerCase() === before.email?.toLowerCase()) return;
  if (email !== null) await mustBeFree(tx, email);
  // Links that went to the address before would prove that one.
  await endMailTokens(tx, userId, 'verify');
  await endMailTokens(tx, userId, 'reset');
  await tx.execute(
    sql`update users set email = ${email}, holds_email = false, updated_at = now() where id = ${userId}`,
  );
  change.note('account.emailChanged', { userId });
}

async function mustBeFree(tx: Tx, email: string): Promise<void> {
  if (await isHeld(tx, email)) throw refuse('email_taken');
}
