import type * as schema from '../schema.ts';

type NameOf<Table> = Table extends { readonly _: { readonly name: infer Name extends string } } ? Name : never;

/** Every table and view: those of the schema, and those that exist only in SQL. */
export type TableName =
  | { [Key in keyof typeof schema]: NameOf<(typeof schema)[Key]> }[keyof typeof schema]
  | 'event_log'
  | 'live_chat_members'
  | 'live_sessions'
  | 'live_workspace_members'
  | 'log_order'
  | 'message_search'
  | 'log_tick'
  | 'migrations'
  | 'rate_limits'
  | 'sql_files';

/** `all`: also columns that are added later. */
type Columns = 'all' | readonly string[];

/** What a role may do with a table. Locking a row takes an update of some column. */
export interface TableRights {
  readonly select?: Columns;
  readonly insert?: Columns;
  readonly update?: Columns;
  readonly delete?: true;
}

/**
 * All rights of a role in the database. A table that is not listed cannot be used, and a partition only through its
 * parent. A new table does not compile until each service's rights on it are declared.
 */
export interface RoleRights {
  readonly tables: Readonly<Record<TableName, TableRights>>;
  /** Functions that may be called, with the types of their arguments. Triggers need no right. */
  readonly functions: readonly string[];
}

/** A service has no right to it. */
export const none: TableRights = {};
/** A service reads all of it. */
export const read: TableRights = { select: 'all' };

/** Every process reports that it runs, and deletes the rows of killed ones. */
export const processRow: TableRights = {
  select: 'all',
  insert: ['id', 'service', 'release'],
  update: ['seen_at'],
  delete: true,
};

/** A service that changes something appends an event; the database itself sets the transaction and the time. */
export const appendToLog: TableRights = {
  select: 'all',
  insert: [
    'workspace_id',
    'workspace_seq',
    'chat_id',
    'chat_seq',
    'user_id',
    'code',
    'takes_away',
    'subject_id',
    'facts',
  ],
};

/** The columns of a new line of the audit log; the database sets its time. */
export const auditLine: readonly string[] = [
  'scope_id',
  'id',
  'action',
  'actor_id',
  'user_id',
  'details',
  'address',
  'request_id',
];
