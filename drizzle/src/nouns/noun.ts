import type { LogRow, NounName, Nouns } from '@fechatter/contract';
import type { MessageCipher } from '../message-cipher.ts';
import type { Columns } from './columns.ts';

/** What names a noun in a row of the log. */
export type Reference = 'subjectId' | 'chatId' | 'workspaceId';

/** A row of the log, and when it was written. */
export interface LoggedAt extends LogRow {
  readonly createdAt: Date;
}

/** Whom a noun is shown to, and with what. */
export interface Showing {
  readonly userId: string;
  readonly cipher: MessageCipher;
  /** Told of what could not be shown as it should: it is shown with placeholders. */
  readonly onUnreadable: (error: unknown) => void;
}

/** A row found by a key: `where` sees what was joined before. */
export interface LookUp {
  readonly table: string;
  readonly as: string;
  readonly where: string;
  /** The columns that are read: notify has no right to the others. */
  readonly reads: readonly string[];
}

/**
 * How the log reads a noun, and what becomes of it: all that there is to know of one, in one place. `Found` is a row of
 * its columns.
 */
export interface NounSource<Name extends NounName = NounName, Found extends object = object> {
  /** What names it in a row of the log: it is looked up by its id. */
  readonly reference: Reference;
  readonly table: string;
  readonly as: string;
  readonly joins: readonly LookUp[];
  readonly columns: Columns;
  /** What a row of the log says itself: these columns need not be read. */
  readonly fromLog?: Readonly<Record<string, Reference>>;
  /** What is read beside the columns, in SQL, by name. */
  readonly others?: Readonly<Record<string, string>>;
  /** What `others` and `joins` read of its own row that is not among the columns. */
  readonly alsoReads?: readonly string[];
  /**
   * Whether nearly every row of the log shows it: then its columns stand in the row. Other nouns are JSON in one column,
   * because each column costs on both sides of the wire, whether or not there is anything in it.
   */
  readonly isInline?: true;
  /** How many bytes of content a row has, in SQL and of what was found; nothing where it has none to speak of. */
  readonly bytes?: string;
  bytesOf?(found: Found): number;
  /** The noun as this reader sees it. */
  show(found: Found, showing: Showing): Nouns[Name];
  /** Whether it looks different to different readers. */
  differsByReader?(found: Found): boolean;
  /** What stands in when it is gone. */
  gone(row: LoggedAt): Nouns[Name];
  /** What else it shows: whatever changes one of these makes a frame that shows it stale. */
  uses?(found: Found): Iterable<readonly [NounName, string]>;
}
