import { limits } from '@fechatter/contract';
import type { MessageCipher } from '@fechatter/drizzle';
import { NIL } from 'uuid';
import { z } from 'zod';
import type { Deps } from '../deps.ts';

/** The dependencies of an export. */
export interface Exporter extends Pick<Deps, 'db' | 'log'> {
  readonly cipher: MessageCipher;
}

/**
 * The position of an export: its step, its chat, and the row after which to continue. Rows are read in the order of
 * their keys, so rows that existed at the beginning come exactly once, whatever is written meanwhile.
 */
export const Place = z.object({
  step: z.int().min(0).max(20),
  chatId: z.uuid(),
  id: z.uuid(),
  seq: z.int().nonnegative(),
});
export type Place = z.infer<typeof Place>;
export const beginning: Place = { step: 0, chatId: NIL, id: NIL, seq: 0 };

/** The exported person or workspace; `callerId` null: the operator, who may read everything. */
export interface Scope {
  readonly id: string;
  readonly callerId: string | null;
}

interface Read<Line> {
  readonly lines: Line[];
  /** Where to continue; undefined: that was all. */
  readonly next: Place | undefined;
}
/** One kind of lines: reads at most `limit` rows after a position. */
export type Step<Line> = (exporter: Exporter, scope: Scope, place: Place, limit: number) => Promise<Read<Line>>;

/** The definition of a step. */
interface Rows<Row extends object, Line> {
  readonly name: string;
  /** Parameters: $1 the scope, $2 the caller, $3 the limit, and from $4 on what `values` returns. */
  readonly text: string;
  readonly values: (place: Place) => readonly unknown[];
  /** The rows per read, if fewer than a page. */
  readonly rowsMax?: number;
  /** Undefined skips the row: a message without content. */
  readonly line: (row: Row, exporter: Exporter) => Line | undefined;
  readonly behind: (row: Row) => Partial<Place>;
  /** Where to continue after these rows. */
  readonly atEnd: (place: Place) => Place | undefined;
}

export function step<Row extends object, Line>(rows: Rows<Row, Line>): Step<Line> {
  return async (exporter, scope, place, room) => {
    const limit = Math.min(room, rows.rowsMax ?? room);
    const found = await exporter.db.pool.query<Row>({
      name: `export-${rows.name}`,
      text: `with scope as materialized (select $1::uuid as id, $2::uuid as caller_id) ${rows.text}`,
      values: [scope.id, scope.callerId, limit, ...rows.values(place)],
    });
    const lines = found.rows.flatMap((row) => rows.line(row, exporter) ?? []);
    const last = found.rows.at(-1);
    const next =
      found.rows.length < limit || last === undefined ? rows.atEnd(place) : { ...place, ...rows.behind(last) };
    return { lines, next };
  };
}

/** The most reads per page, which many small chats may need. */
const READS_A_PAGE = 24;

/** Reads the lines after a position. */
export async function readPage<Line>(
  exporter: Exporter,
  steps: readonly Step<Line>[],
  scope: Scope,
  from: Place = beginning,
  limit: number = limits.pageDefault,
): Promise<Read<Line>> {
  const lines: Line[] = [];
  let place: Place | undefined = from;
  for (let reads = 0; place !== undefined && lines.length < limit && reads < READS_A_PAGE; reads++) {
    const read: Read<Line> | undefined = await steps[place.step]?.(exporter, scope, place, limit - lines.length);
    lines.push(...(read?.lines ?? []));
    place = read?.next;
  }
  return { lines, next: place };
}

/** All lines of an export, a page at a time; each page is read on demand. */
export async function* allPages<Line>(
  exporter: Exporter,
  steps: readonly Step<Line>[],
  scope: Scope,
): AsyncGenerator<readonly Line[]> {
  let place: Place | undefined = beginning;
  while (place !== undefined) {
    const page: Read<Line> = await readPage(exporter, steps, scope, place, limits.pageMax);
    yield page.lines;
    place = page.next;
  }
}

/** The beginning of the next step. */
export const nextStep = ({ step: at, chatId }: Place): Place => ({ ...beginning, step: at + 1, chatId });
