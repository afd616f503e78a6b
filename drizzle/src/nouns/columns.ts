import { type GetColumnData, getTableName } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** The columns of a noun, by their names in a row. They belong to aliased tables. */
export type Columns = Readonly<Record<string, AnyPgColumn>>;

/** A row of these columns, as the driver returns it. */
export type RowOf<Selected extends Columns> = { [Name in keyof Selected]: GetColumnData<Selected[Name]> };

const sqlOf = (column: AnyPgColumn): string => `${getTableName(column.table)}.${column.name}`;

/** The columns as a select list; each is named by its key, after `prefix`. */
export const columnList = (columns: Columns, prefix = ''): string =>
  Object.entries(columns)
    .map(([name, column]) => `${sqlOf(column)} as ${prefix}${name}`)
    .join(', ');

/** The table's names of the columns that belong to this alias. */
export const columnsOf = (as: string, columns: Columns): readonly string[] =>
  Object.values(columns).flatMap((column) => (getTableName(column.table) === as ? [column.name] : []));

/** The columns as one JSON object, with further expressions. */
export const columnObject = (columns: Columns, others: Readonly<Record<string, string>> = {}): string => {
  const pairs = [...Object.entries(columns).map(([name, column]) => [name, sqlOf(column)]), ...Object.entries(others)];
  return `json_build_object(${pairs.map(([name, sql]) => `'${name}', ${sql}`).join(', ')})`;
};

/** Makes a reader of rows of {@link columnObject}: JSON has texts for times. */
export function jsonReader(columns: Columns): (json: Readonly<Record<string, unknown>>) => Record<string, unknown> {
  const times = Object.entries(columns).flatMap(([name, { dataType }]) => (dataType === 'date' ? [name] : []));
  return (json) => {
    const row: Record<string, unknown> = { ...json };
    for (const name of times) if (typeof row[name] === 'string') row[name] = new Date(row[name]);
    return row;
  };
}
