import { accessOf } from '@fechatter/drizzle/testing';
import { createMessageCipher, createNotifier, openDatabase } from '@fechatter/drizzle';
import type { TestServer } from '@fechatter/server/testing';
import { type ImportOptions, importStream } from '../load/import-stream.ts';
import type { ImportReport } from '../report.ts';
import type { ImportedMessage, ImportItem, ImportStream } from '../stream.ts';

/** For tests: imports into workspaces of a test server, with the rights of imports. Close it before the server. */
export function importing(app: Pick<TestServer, 'database' | 'deps'>) {
  const db = openDatabase({ ...accessOf(app.database, 'importer'), statementTimeoutMs: 0 });
  const ring = app.deps.config.encryption.keys.map(({ id, key }) => ({ id, key: Buffer.from(key) }));
  return {
    db,
    into: (
      workspaceId: string,
      stream: ImportStream | readonly ImportItem[],
      options: Partial<ImportOptions> = {},
    ): Promise<ImportReport> =>
      importStream(Symbol.asyncIterator in stream ? stream : itemsOf(stream), {
        db,
        notifier: createNotifier(db.pool),
        cipher: createMessageCipher(ring),
        workspaceId,
        source: 'test',
        files: { content: app.deps.files, fileMaxBytes: 1_000_000, workspaceMaxBytes: 2_000_000 },
        ...options,
      }),
    [Symbol.asyncDispose]: () => db.close(),
  };
}

async function* itemsOf(items: readonly ImportItem[]): ImportStream {
  yield* items;
}

/** The time of the nth second of a day in 2020, in microseconds. */
export const second = (n: number): number => (Date.UTC(2020, 1, 3) + 1_000 * n) * 1_000;

/** Lets the people of these names have verified their addresses. */
export const prove = ({ database }: Pick<TestServer, 'database'>, ...names: string[]) =>
  database.query('update users set email_verified_at = now() where full_name = any ($1)', [names]);

/** A person of the source, with the address of the one who signs up with that name. */
export const person = (name: string): ImportItem => ({
  type: 'person',
  key: name,
  name,
  email: `${name}@example.com`,
});

/** The message of the nth second, in the chat `c`. */
export const message = (
  n: number,
  sender: string,
  text: string,
  more: Partial<ImportedMessage> = {},
): ImportedMessage => ({ type: 'message', chat: 'c', key: `m${n}`, atUs: second(n), sender, text: [text], ...more });
