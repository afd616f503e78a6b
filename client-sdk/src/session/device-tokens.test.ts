import { afterAll, expect, test } from 'vitest';
import { browser } from '../testing/tabs.ts';
import { PASSWORD, world } from '../testing/world.ts';
import { localStorageStorage } from './local-storage.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());
const devicesOf = async (email: string) => {
  const rows = await scene.database.query<{ id: string }>(
    'select distinct device_id as id from sessions s join users u on u.id = s.user_id where u.email = $1',
    [email],
  );
  return rows.length;
};

test('the device token of an account survives sign-outs and restarts', async () => {
  const page = browser({ hasLocks: true });
  const open = () => scene.visit({ storage: localStorageStorage('app', page.openTab()) });
  const first = await open();
  const email = 'Ada@example.com';
  await first.auth.signup.mutate({ email, password: PASSWORD, fullName: 'Ada' });
  await first.signout();
  const again = await open();
  await again.auth.signin.mutate({ email: email.toUpperCase(), password: PASSWORD });
  await again.auth.signout.mutate();
  await again.auth.signin.mutate({ email, password: PASSWORD });
  expect(await devicesOf(email)).toBe(1);
  await again.signout();
  expect(page.names.filter((name) => name.includes('.device.'))).toHaveLength(1);
  expect(page.names.join()).not.toMatch(/ada/i);
  await (await scene.visit({})).auth.signin.mutate({ email, password: PASSWORD });
  expect(await devicesOf(email)).toBe(2);
});

test('a storage that does not respond does not prevent signing in', async () => {
  const never = () => new Promise<never>(() => {});
  const storage = { load: () => null, save: () => {}, items: { names: never, get: never, set: never } };
  const { email } = await scene.signUp('bob');
  const client = await scene.visit({ storage });
  await client.auth.signin.mutate({ email, password: PASSWORD });
  expect(client.session).toMatchObject({ email });
});
