import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { checkKeyRing } from './key-ring-check.ts';
import { testDatabase } from './testing/index.ts';

const database = await testDatabase();
const db = openDatabase(database);
const { pool } = db;
afterAll(async () => {
  await db.close();
  await database[Symbol.asyncDispose]();
});

test('a ring that lacks a key in use, or has another key under its id, is refused with the id', async () => {
  const first = { id: 1, key: randomBytes(32) };
  const second = { id: 2, key: randomBytes(32) };
  await checkKeyRing(pool, [first], 'remember');
  await checkKeyRing(pool, [second, first], 'remember');
  await checkKeyRing(pool, [first, second], 'compare');

  await expect(checkKeyRing(pool, [second], 'compare')).rejects.toThrow('encryption.keys lacks key 1');
  await expect(checkKeyRing(pool, [{ ...first, key: randomBytes(32) }, second], 'compare')).rejects.toThrow(
    'is not the key 1 that this database was written with',
  );
});
