import type { AuditAction, AuditDetails } from '@fechatter/contract';
import { sql, type Tx } from '@fechatter/drizzle';
import { v7 as uuidv7 } from 'uuid';

/** Who acts, and from where; all null: the operator. */
export interface AuditOrigin {
  readonly actorId: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  /** The key of an app's server, if it acts. */
  readonly serviceKeyId?: string | undefined;
}

/** An action to record, with its actor. Ids, roles and counts, never names: people can be erased. */
export interface AuditNote {
  readonly action: AuditAction;
  /** The id of the entry, if the caller must know it. */
  readonly id?: string;
  /**
   * Absent: the action is about the account of `userId`. The views of their workspaces find it, see workspaceLines().
   */
  readonly workspaceId?: string;
  readonly userId?: string;
  /** What it is about, if that is neither a workspace nor a person: the deployment’s own, which only its operator sees. */
  readonly scopeId?: string;
  readonly details?: AuditDetails;
}

/** Appends to the audit log, in the transaction of the change. */
export async function appendAudit(tx: Tx, origin: AuditOrigin, notes: readonly AuditNote[]): Promise<void> {
  if (notes.length === 0) return;
  const rows = notes.map(({ id = uuidv7(), action, workspaceId, userId, scopeId, details }) => ({
    id,
    action,
    scope_id: workspaceId ?? userId ?? scopeId,
    user_id: userId ?? null,
    details: { ...details, ...(origin.serviceKeyId !== undefined && { serviceKeyId: origin.serviceKeyId }) },
  }));
  await tx.execute(sql`
    insert into audit_log (scope_id, id, action, actor_id, user_id, details, address, request_id)
    select r.scope_id, r.id, r.action, ${origin.actorId}::uuid, r.user_id, r.details, ${origin.address}, ${origin.requestId}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id uuid, action text, scope_id uuid, user_id uuid, details jsonb)`);
}
