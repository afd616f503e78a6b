import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { openDatabase } from '../database.ts';
import { testDatabase } from '../testing/index.ts';
import { moves } from '../testing/moves.ts';
import { readRevocations, readTail, tailStart } from './read.ts';

const database = await testDatabase();
const db = openDatabase({ ...database, statementTimeoutMs: 0 });
beforeAll(() => database.query(moves));
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

const note = (subject: string) => db.pool.query('select stage.note($1, $2)', [randomUUID(), subject]);
const subjects = (revocations: readonly { subjectId: string | null }[]) =>
  revocations.map(({ subjectId }) => subjectId);

async function forgotten(subject: string, snapshot: string): Promise<void> {
  let since = snapshot;
  await until(async () => {
    const read = await readRevocations(db.pool, since);
    since = read.snapshot;
    return !subjects(read.revocations).includes(subject);
  }, 'the revocation is behind');
}

test('a revocation is read at once, numbered or not, and again at its position', async () => {
  const { cursor, since } = await tailStart(db.pool);
  const subject = randomUUID();
  await note(subject);
  const unnumbered = await readTail(db.pool, cursor, since);
  expect(unnumbered).toMatchObject({ isAnchored: true, entries: [], hasMore: false });
  expect(subjects(unnumbered.revocations)).toContain(subject);
  expect(subjects((await readRevocations(db.pool, since)).revocations)).toContain(subject);

  await db.pool.query('select log_step()');
  const numbered = await readTail(db.pool, cursor, unnumbered.snapshot);
  expect(subjects(numbered.entries)).toEqual([subject]);
  await forgotten(subject, numbered.snapshot);
});

test('a revocation of a long transaction is found by the first read after its commit', async () => {
  const subject = randomUUID();
  const slow = await db.pool.connect();
  await slow.query('begin');
  await slow.query('select stage.note($1, $2)', [randomUUID(), subject]);
  const { cursor, since } = await tailStart(db.pool);
  await note(randomUUID());
  await db.pool.query('select log_step()');
  const meanwhile = await readTail(db.pool, cursor, since);
  expect(subjects(meanwhile.revocations)).not.toContain(subject);
  await note(randomUUID());
  const still = await readTail(db.pool, cursor, meanwhile.snapshot);
  // However long a transaction is open, a read returns only what is new, not everything since it began.
  expect(still.revocations).toHaveLength(1);
  await slow.query('commit');
  slow.release();

  const after = await readTail(db.pool, cursor, still.snapshot);
  expect(subjects(after.revocations)).toContain(subject);
  await forgotten(subject, after.snapshot);
});

test('a revocation keeps its references and facts', async () => {
  const { cursor, since } = await tailStart(db.pool);
  const [workspace, person] = [randomUUID(), randomUUID()];
  await database.query('select stage.person($1)', [person]);
  await database.query('select stage.workspace($1)', [workspace]);
  await database.query('select stage.enter_workspace($1, $2)', [workspace, person]);
  await database.query('select stage.leave_workspace($1, $2)', [workspace, person]);
  const { revocations } = await readTail(db.pool, cursor, since);
  expect(revocations).toContainEqual({
    code: 32,
    workspaceId: workspace,
    workspaceSeq: 2,
    chatId: null,
    chatSeq: null,
    userId: null,
    subjectId: person,
    facts: {},
  });
});
