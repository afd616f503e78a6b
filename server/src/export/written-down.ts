import { sql } from '@fechatter/drizzle';
import { refuse } from '@fechatter/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { AuditNote } from '../audit/append-audit.ts';
import type { Change } from '../change/change.ts';
import { pagesOf } from '../page-cursor.ts';
import { Place } from './walk.ts';

/** Where a page of an export begins, and the line of the audit log that records the export. */
interface PageRequest {
  readonly place: Place;
  readonly noted: string;
}

/** The pages of an export with this many steps. */
export const exportPages = (list: string, steps: number) =>
  pagesOf(
    list,
    z.object({ place: Place.refine(({ step }) => step < steps), noted: z.uuid() }),
    (request: PageRequest) => request,
  );

/**
 * Records an export in the audit log before anything is returned: the first page writes a line, and every later one
 * must name it. An invented cursor, or one that is more than a day old, gets invalid_cursor. Returns the line's id.
 */
export async function writtenDown(
  change: Change,
  callerId: string,
  { action, ...about }: Pick<AuditNote, 'action' | 'workspaceId' | 'userId'>,
  request: PageRequest | undefined,
): Promise<string> {
  const noted = request?.noted ?? uuidv7();
  if (request === undefined) {
    change.note(action, { ...about, id: noted });
    return noted;
  }
  const { rows } = await change.tx.execute(sql`
    select 1 from audit_log
    where scope_id = ${about.workspaceId ?? callerId} and id = ${noted} and action = ${action} and actor_id = ${callerId}
      and created_at > clock_timestamp() - interval '1 day'`);
  if (rows.length === 0) throw refuse('invalid_cursor');
  return noted;
}
