import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../change/change.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';

/** The only key to a person of another issuer. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** A person of another issuer, as its token describes them. */
export interface BroughtPerson extends Identity {
  readonly fullName: string | undefined;
  readonly avatarUrl: string | undefined;
  readonly email: string | undefined;
}

/** Serialises changes of this identity's account. Take this lock before any other. */
export async function lockIdentity(tx: Tx, { issuer, subject }: Identity): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('identity:' || ${JSON.stringify([issuer, subject])}, 0))`,
  );
}

/** The id of the person with this identity. */
export async function personOfIdentity(tx: Tx, { issuer, subject }: Identity): Promise<string | undefined> {
  const { rows } = await tx.execute<{ user_id: string }>(
    sql`select user_id from identities where issuer = ${issuer} and subject = ${subject}`,
  );
  return rows[0]?.user_id;
}

/**
 * Makes the account of a person of another issuer, after lockIdentity. It has no password, and only claims its address:
 * it does not hold one before the person verifies it, so it takes none from another account.
 */
export async function insertBrought(change: Change, person: BroughtPerson): Promise<string> {
  const { issuer, subject, fullName, avatarUrl = null, email = null } = person;
  if (fullName === undefined)
    throw refuse('token_invalid', { message: 'The token has no valid name, and this person is new here.' });
  const userId = uuidv7();
  await change.tx.execute(sql`
    insert into users (id, email, holds_email, full_name, avatar_url, password_hash)
    values (${userId}, ${email}, false, ${fullName}, ${avatarUrl}, ${hashOfNothing()})`);
  await change.tx.execute(sql`
    insert into identities (id, user_id, issuer, subject) values (${uuidv7()}, ${userId}, ${issuer}, ${subject})`);
  change.note('account.brought', { userId });
  return userId;
}

/** Whether an account holds this address. */
export async function isHeld(tx: Tx, email: string): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`select 1 from users where lower(email collate "C") = lower(${email}::text collate "C") and holds_email`,
  );
  return rows.length > 0;
}
