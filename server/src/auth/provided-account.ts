import { sql, type Tx } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import type { Change } from '../change/change.ts';
import type { ProvidedPerson } from '../identity/oidc-providers.ts';
import { hidesAccounts } from '../mail/hides-accounts.ts';
import { queueNotice } from '../mail/queue-mail.ts';
import { type Identity, insertBrought, isHeld, lockIdentity, personOfIdentity } from './brought-person.ts';
import { proveAddress } from './prove-address.ts';

/** The account that a sign-in at a provider leads to. */
export interface ProvidedAccount {
  readonly userId: string;
  /** Sessions that ended because an address was proved, to be added to `revoked` after the commit. */
  readonly ended: readonly string[];
}

/** What the deployment allows. */
export interface ProvidedRules {
  /** Where the existence of accounts is hidden, an address that another account holds stays a claim. */
  readonly config: Pick<Config<'server'>, 'mail'>;
  /** Refuses people who may not sign up. */
  readonly checkNew: (tx: Tx) => Promise<void>;
}

/**
 * The account of this identity. If there is none: the account that has proved the address, if the provider has verified it
 * too; else a new one. An account with that address that has not proved it is never used: it loses the address to the new
 * one, and its password and sessions with it. SECURITY.md has the table.
 */
export async function providedAccount(
  change: Change,
  person: ProvidedPerson,
  { config, checkNew }: ProvidedRules,
): Promise<ProvidedAccount> {
  await lockIdentity(change.tx, person);
  const known = await personOfIdentity(change.tx, person);
  if (known !== undefined) return { userId: known, ended: [] };
  const { email, isEmailVerified } = person;
  const owner = email !== undefined && isEmailVerified ? await ownerOf(change.tx, email, person.issuer) : undefined;
  if (owner !== undefined) {
    // The provider's account was deleted and created again, perhaps by someone else.
    if (owner.has_other) throw refuse('email_taken');
    await insertIdentity(change, config, owner.id, person);
    return { userId: owner.id, ended: [] };
  }
  await checkNew(change.tx);
  const isLeftOut =
    email !== undefined && !isEmailVerified && !hidesAccounts(config) && (await isHeld(change.tx, email));
  const named = { ...person, fullName: person.fullName ?? 'New person', email: isLeftOut ? undefined : email };
  const userId = await insertBrought(change, named);
  if (email === undefined || !isEmailVerified) return { userId, ended: [] };
  const { ended } = await proveAddress(change, userId, email);
  return { userId, ended };
}

/** Who has proved this address, and whether another subject of the same issuer leads to them. */
async function ownerOf(tx: Tx, email: string, issuer: string) {
  const { rows } = await tx.execute<{ id: string; has_other: boolean }>(sql`
    select u.id, exists (select from identities i where i.user_id = u.id and i.issuer = ${issuer}) as has_other
    from users u
    where lower(u.email collate "C") = lower(${email}::text collate "C") and u.holds_email and u.email_verified_at is not null
    for no key update of u`);
  return rows[0];
}

/** Lets this identity lead to an account that is there already, whose owner gets a mail about it. */
export async function insertIdentity(
  change: Change,
  config: Pick<Config<'server'>, 'mail'>,
  userId: string,
  { issuer, subject }: Identity,
): Promise<string> {
  const id = uuidv7();
  await change.tx.execute(
    sql`insert into identities (id, user_id, issuer, subject) values (${id}, ${userId}, ${issuer}, ${subject})`,
  );
  change.note('account.identityLinked', { userId });
  await queueNotice(change.tx, config, { kind: 'identityLinked', userId });
  return id;
}
