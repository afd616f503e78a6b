import { sql, type Tx } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { personOfIdentity } from '../auth/brought-person.ts';
import type { ServiceKey } from '../identity/service-keys.ts';

// What an app calls its people, workspaces and chats. A key sees those of its issuer alone: what others have made does
// not exist for it.

type Issuer = Pick<ServiceKey, 'issuer'>;

/** The id of the person; user_not_found. */
export async function externalPerson(tx: Tx, { issuer }: Issuer, externalId: string): Promise<string> {
  const id = await personOfIdentity(tx, { issuer, subject: externalId });
  if (id === undefined) throw unknownPerson(externalId);
  return id;
}

/** The same of a person who acts; account_suspended. */
export async function activePerson(tx: Tx, key: Issuer, externalId: string): Promise<string> {
  const id = await externalPerson(tx, key, externalId);
  const { rows } = await tx.execute(sql`select 1 from users where id = ${id} and status = 'Active'`);
  if (rows.length === 0) throw refuse('account_suspended');
  return id;
}

/** The ids of these people, each once; user_not_found if there is one of them who is not known. */
export async function externalPeople(
  tx: Tx,
  { issuer }: Issuer,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.execute<{ subject: string; user_id: string }>(sql`
    select subject, user_id from identities
    where issuer = ${issuer} and subject = any (${sql.param([...externalIds])}::text[])`);
  const found = new Map(rows.map(({ subject, user_id: id }) => [subject, id]));
  const missing = externalIds.find((id) => !found.has(id));
  if (missing !== undefined) throw unknownPerson(missing);
  return found;
}

/** Names it, because a list may have a thousand. */
const unknownPerson = (externalId: string) =>
  refuse('user_not_found', { message: `There is no person with the externalId ${JSON.stringify(externalId)}.` });

/** The id of a workspace that was not deleted; undefined if there is none. */
export async function findWorkspace(tx: Tx, { issuer }: Issuer, externalId: string): Promise<string | undefined> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select w.id from external_workspaces e join workspaces w on w.id = e.workspace_id and w.deleted_at is null
    where e.issuer = ${issuer} and e.external_id = ${externalId}`);
  return rows[0]?.id;
}

/** The same; workspace_not_found. */
export async function externalWorkspace(tx: Tx, key: Issuer, externalId: string): Promise<string> {
  const id = await findWorkspace(tx, key, externalId);
  if (id === undefined) throw refuse('workspace_not_found');
  return id;
}

/** A chat that was not deleted, nor its workspace; undefined if there is none. */
export async function findChat(
  tx: Tx,
  { issuer }: Issuer,
  externalId: string,
): Promise<{ readonly id: string; readonly workspaceId: string } | undefined> {
  const { rows } = await tx.execute<{ id: string; workspaceId: string }>(sql`
    select c.id, c.workspace_id as "workspaceId" from external_chats e join chats c on c.id = e.chat_id and c.deleted_at is null
    join workspaces w on w.id = c.workspace_id and w.deleted_at is null
    where e.issuer = ${issuer} and e.external_id = ${externalId}`);
  return rows[0];
}

/** Allows one creation under this name at a time. Take this lock before any other. */
export async function lockExternal(tx: Tx, kind: 'workspace' | 'chat', { issuer }: Issuer, id: string): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('external:' || ${JSON.stringify([kind, issuer, id])}, 0))`,
  );
}
