import type { ServiceScope } from '@fechatter/contract';
import { type Database, inTransaction, sql } from '@fechatter/drizzle';
import { hashOfToken, newKeyText } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { appendAudit } from '../audit/append-audit.ts';

/** A key as the operator sees it. */
export interface ServiceKeyRow {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

const LISTED_MAX = 1_000;
const operator = { actorId: null, address: null, requestId: null };

/** Creates a key. Its text is returned once, and not stored. */
export async function createServiceKey(
  db: Database,
  { name, issuer, scopes }: Pick<ServiceKeyRow, 'name' | 'issuer'> & { readonly scopes: readonly ServiceScope[] },
): Promise<{ readonly id: string; readonly key: string }> {
  const id = uuidv7();
  const key = newKeyText('fcs', id);
  await inTransaction(db, async (tx) => {
    await tx.execute(sql`
      insert into service_keys (id, name, issuer, scopes, token_hash)
      values (${id}, ${name}, ${issuer}, ${sql.param([...scopes])}::text[], ${hashOfToken(key)})`);
    await appendAudit(tx, { ...operator, serviceKeyId: id }, [{ action: 'serviceKey.created', scopeId: id }]);
  });
  return { id, key };
}

/** The newest 1,000 keys, newest first; revoked ones too. */
export async function listServiceKeys({ pool }: Database): Promise<readonly ServiceKeyRow[]> {
  const { rows } = await pool.query<ServiceKeyRow>(
    `select id, name, issuer, scopes, created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"
     from service_keys order by id desc limit $1`,
    [LISTED_MAX],
  );
  return rows;
}

/** Ends a key at once; false if there is none, and true also if it had ended before. */
export async function revokeServiceKey(db: Database, id: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.execute<{ is_new: boolean }>(sql`
      select revoked_at is null as is_new from service_keys where id::text = lower(${id}) for no key update`);
    if (rows[0] === undefined) return false;
    if (!rows[0].is_new) return true;
    await tx.execute(sql`update service_keys set revoked_at = now() where id = ${id}`);
    await appendAudit(tx, { ...operator, serviceKeyId: id }, [{ action: 'serviceKey.revoked', scopeId: id }]);
    return true;
  });
}
