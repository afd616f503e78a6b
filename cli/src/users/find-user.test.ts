import { testServer } from '@fechatter/server/testing';
import { expect, test } from 'vitest';
import { findUser } from './find-user.ts';

test('an address that several accounts claim finds its holder; without a holder only an id is accepted', async () => {
  await using app = await testServer();
  const { db } = app.deps;
  const [mallory, victor] = [await app.signUp('mallory'), await app.signUp('victor')];
  const email = 'victor@example.org';
  await app.database.query('update users set email = $1, holds_email = false', [email]);
  const refused: unknown = await findUser(db, email).catch((error: unknown) => error);
  expect(String(refused)).toContain(`2 accounts use the address ${email}, and none has verified it`);
  for (const { id } of [mallory, victor]) {
    expect(String(refused)).toContain(id);
    expect(await findUser(db, id)).toMatchObject({ id });
  }
  await app.database.query('update users set holds_email = true where id = $1', [victor.id]);
  expect(await findUser(db, email.toUpperCase())).toMatchObject({ id: victor.id });
  await expect(findUser(db, 'nobody@example.org')).rejects.toThrow('no account has');
});
