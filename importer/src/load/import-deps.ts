import type { Database, MessageCipher, Notifier } from '@fechatter/drizzle';
import type { FileContent } from '@fechatter/server/file-content';
import type pg from 'pg';
import type { Problems } from '../report.ts';

/** What one import works with. */
export interface ImportRun {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly cipher: MessageCipher;
  /** The connection that has the staged messages, as temporary tables. */
  readonly client: pg.PoolClient;
  readonly workspaceId: string;
  /** Where the data comes from: the same keys of two sources are different things. */
  readonly source: string;
  /** Nothing is written but temporary tables. */
  readonly isDryRun: boolean;
  readonly problems: Problems;
  /** Where the content of files is kept; undefined: files do not come. */
  readonly files?: ImportFiles | undefined;
}

/** The store of files, and what a file and those of a workspace may have. */
export interface ImportFiles {
  readonly content: FileContent;
  readonly fileMaxBytes: number;
  /** 0: no limit. */
  readonly workspaceMaxBytes: number;
}

/** The workspace was deleted during the import: a worker wipes what had been written. */
export class WorkspaceDeleted extends Error {
  constructor() {
    super('the workspace was deleted');
  }
}
