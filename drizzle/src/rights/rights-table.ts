import { importerRights } from './importer-rights.ts';
import { notifyRights } from './notify-rights.ts';
import type { RoleRights, TableName, TableRights } from './role-rights.ts';
import { serverRights } from './server-rights.ts';
import { workerRights } from './worker-rights.ts';

/** The rights of each service's role, and of the command that imports: it has no others. */
export const serviceRights = {
  fechatter_server: serverRights,
  fechatter_notify: notifyRights,
  fechatter_worker: workerRights,
  fechatter_importer: importerRights,
} as const satisfies Record<string, RoleRights>;

export type ServiceRole = keyof typeof serviceRights;
export const serviceRoles = Object.keys(serviceRights) as readonly ServiceRole[];

/** A right as the catalog has it: on the table, or on one of its columns. */
export interface TableRight {
  readonly table: TableName;
  readonly right: keyof TableRights;
  /** Null: on the table, with all columns that it has and gets. */
  readonly columns: readonly string[] | null;
}

const kinds = ['select', 'insert', 'update', 'delete'] as const;

/** The rights of a role on tables, one by one. */
export const tableRightsOf = (role: ServiceRole): readonly TableRight[] =>
  (Object.entries(serviceRights[role].tables) as [TableName, TableRights][]).flatMap(([table, rights]) =>
    kinds.flatMap((right) => {
      const given = rights[right];
      if (given === undefined) return [];
      return [{ table, right, columns: given === true || given === 'all' ? null : given }];
    }),
  );
