import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { newFolder } from './testing/started.ts';

test('of many processes that find a stale lock one takes it', async () => {
  const folder = await newFolder();
  await mkdir(folder);
  await writeFile(join(folder, 'lock'), '999999999 1 stale\n');
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['lock']);
});
