import type { AuditAction, AuditDetails, AuditEntry } from '@fechatter/contract';
import { z } from 'zod';
import { pagesOf } from '../page-cursor.ts';

/** A line of the audit log, as SQL returns it. */
export interface AuditRow {
  id: string;
  action: AuditAction;
  actor_id: string | null;
  user_id: string | null;
  details: AuditDetails;
  address: string | null;
  request_id: string | null;
  created_at: Date;
}

/** The columns of an {@link AuditRow}, for `audit_log a`. */
export const auditColumns = 'a.id, a.action, a.actor_id, a.user_id, a.details, a.address, a.request_id, a.created_at';

export const auditEntryOf = (row: AuditRow): AuditEntry => ({
  id: row.id,
  action: row.action,
  actorId: row.actor_id,
  userId: row.user_id,
  details: row.details,
  address: row.address,
  requestId: row.request_id,
  createdAt: row.created_at,
});

/** Ids are in the order of time. */
export const auditPages = pagesOf('audit', z.uuid(), (row: AuditRow) => row.id);
