import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test("the consumer's program uses every procedure", async () => {
  const consumer = new URL('../consumer/', import.meta.url);
  const names = await readdir(consumer);
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, consumer), 'utf8')));
  const text = texts.join('\n');
  const paths = Object.entries({ ...serverProcedures, ...notifyProcedures }).flatMap(([feature, verbs]) =>
    Object.keys(verbs).map((verb) => `${feature}.${verb}`),
  );
  // Live events have a way of their own.
  expect(paths.filter((path) => !text.includes(`.${path}.`))).toEqual(['notification.events']);
});
