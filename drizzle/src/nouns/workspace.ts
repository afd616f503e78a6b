import { NIL_ID, UNREADABLE, type WorkspaceProfile } from '@fechatter/contract';
import { alias } from 'drizzle-orm/pg-core';
import { workspaceHeads, workspaces } from '../schema.ts';
import { columnList, type Columns, type RowOf } from './columns.ts';
import { lookUp } from './look-up.ts';
import type { NounSource } from './noun.ts';

const w = alias(workspaces, 'w');
const wh = alias(workspaceHeads, 'wh');
const head = { table: 'workspace_heads', as: 'wh', where: 'workspace_id = w.id', reads: ['last_seq'] };

const columns = {
  id: w.id,
  name: w.name,
  description: w.description,
  retention_days: w.retentionDays,
  last_seq: wh.lastSeq,
  created_at: w.createdAt,
  updated_at: w.updatedAt,
} as const satisfies Columns;
/** The columns of a workspace, for `from workspaces w` and {@link workspaceJoins}. */
export const workspaceColumns = columnList(columns);
/** A workspace as SQL returns it. */
export type WorkspaceColumns = RowOf<typeof columns>;
/** The joins for what a workspace shows in addition to its own row. */
export const workspaceJoins = lookUp(head);

export const workspaceOf = (row: WorkspaceColumns): WorkspaceProfile => ({
  id: row.id,
  name: row.name,
  description: row.description,
  retentionDays: row.retention_days,
  lastSeq: row.last_seq,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const workspaceSource: NounSource<'workspace', WorkspaceColumns> = {
  reference: 'workspaceId',
  table: 'workspaces',
  as: 'w',
  joins: [head],
  columns,
  show: workspaceOf,
  standIn: ({ workspaceId, workspaceSeq, createdAt }) => ({
    id: workspaceId ?? NIL_ID,
    name: UNREADABLE,
    description: null,
    retentionDays: null,
    lastSeq: workspaceSeq ?? 0,
    createdAt,
    updatedAt: createdAt,
  }),
};
