import type { LogRow, NounName, Nouns } from '@fechatter/contract';
import type { MessageCipher } from '../message-cipher.ts';
import type { Columns } from './columns.ts';

/** The reference to a noun in a row of the log. */
export type Reference = 'subjectId' | 'chatId' | 'workspaceId';

/** A row of the log, and when it was written. */
export interface LoggedAt extends LogRow {
  readonly createdAt: Date;
}

/** The reader of a noun, and what showing it needs. */
export interface Showing {
  readonly userId: string;
  readonly cipher: MessageCipher;
  /** Called if something can only be shown with placeholders. */
  readonly onUnreadable: (error: unknown) => void;
}

/** A row found by a key: `where` can use what was joined before. */
export interface LookUp {
  readonly table: string;
  readonly as: string;
  readonly where: string;
  /** The columns that are read: notify has no right to others. */
  readonly reads: readonly string[];
}

/** How the log reads and shows a noun: everything about one noun in one place. `Found` is a row of its columns. */
export interface NounSource<Name extends NounName = NounName, Found extends object = object> {
  /** Its reference in a row of the log: it is looked up by this id. */
  readonly reference: Reference;
  readonly table: string;
  readonly as: string;
  /** How its row is found, given the row `e` of the log, if not by its `id`. */
  readonly where?: string;
  /** The column that shows whether a row was found, if it has no `id`. */
  readonly isThere?: string;
  readonly joins: readonly LookUp[];
  readonly columns: Columns;
  /** Columns that a row of the log contains itself, so they need not be read. */
  readonly fromLog?: Readonly<Record<string, Reference>>;
  /** Further SQL expressions to read, by name. */
  readonly others?: Readonly<Record<string, string>>;
  /** Columns of its own row that `others` and `joins` read in addition. */
  readonly alsoReads?: readonly string[];
  /**
   * Whether nearly every row of the log shows it: then its columns are part of the row. Other nouns are JSON in one
   * column, because each column costs on both sides of the wire, even if it is empty.
   */
  readonly isInline?: true;
  /**
   * How many bytes of content a row has, given the row `e` of the log, in SQL and of what was found: both must be the same.
   * Nothing if it has none.
   */
  readonly bytes?: string;
  bytesOf?(found: Found): number;
  /** The noun as this reader sees it. */
  show(found: Found, showing: Showing): Nouns[Name];
  /** Whether it looks different to different readers. */
  differsByReader?(found: Found): boolean;
  /** The stand-in if it is gone. */
  standIn(row: LoggedAt): Nouns[Name];
  /** Other nouns that it shows: a change of one of them makes a frame that shows it stale. */
  uses?(found: Found): Iterable<readonly [NounName, string]>;
}
