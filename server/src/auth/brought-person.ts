import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../change/change.ts';
import { hashOfNothing } from '../identity/hash-of-nothing.ts';

/** The only key to a person whom somebody else signs in. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

/** A person whom another app brings, as it describes them. */
export interface BroughtPerson extends Identity {
  readonly fullName: string | undefined;
  readonly avatarUrl: string | undefined;
  readonly email: string | undefined;
}

/** Allows only one change of what this identity leads to at a time. Take this lock before any other. */
export async function lockIdentity(tx: Tx, { issuer, subject }: Identity): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('identity:' || ${JSON.stringify([issuer, subject])}, 0))`,
  );
}

/** The id of the person whom this identity leads to. */
export async function personOfIdentity(tx: Tx, { issuer, subject }: Identity): Promise<string | undefined> {
  const { rows } = await tx.execute<{ user_id: string }>(
    sql`select user_id from identities where issuer = ${issuer} and subject = ${subject}`,
  );
  return rows[0]?.user_id;
}

/**
 * Makes the account of a person whom an app brings, after lockIdentity. It has no password, and only claims its address:
 * it never holds one before its person proves it, so it takes none from anybody.
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
