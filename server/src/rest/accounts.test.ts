import { type RestCaller, restCaller } from '@fechatter/rest/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/index.ts';
import { type Fields, fields, instant, password, reasonOf, signUp, uuid } from './rest-world.ts';

let app: TestServer;
let call: RestCaller;
beforeAll(async () => {
  app = await testServer();
  call = await restCaller(app.url);
});
afterAll(() => app[Symbol.asyncDispose]());

const text: unknown = expect.any(String);
test('sign-up returns 201 with a session, sign-in 200 with another', async () => {
  const email = 'Ada@example.com';
  const signedUp = await call('POST /api/auth/signup', { body: { email, password, full_name: 'Ada Lovelace' } });
  expect(signedUp.status).toBe(201);
  const session = {
    id: uuid,
    email,
    full_name: 'Ada Lovelace',
    token: text,
    expires_at: instant,
    refresh_token: text,
    device_token: text,
  };
  expect(signedUp.body).toEqual(session);
  const signedIn = await call('POST /api/auth/signin', { body: { email, password } });
  expect([signedIn.status, signedIn.body]).toEqual([200, session]);
  const { refresh_token } = fields(signedIn);
  expect((await call('POST /api/auth/refresh', { body: { refresh_token } })).status).toBe(200);
});

test('an account that exists, and a wrong password', async () => {
  await signUp(call, 'grace');
  const body = { email: 'grace@example.com', password, full_name: 'Grace' };
  const again = await call('POST /api/auth/signup', { body });
  expect([again.status, reasonOf(again)]).toEqual([409, 'email_taken']);
  const wrong = await call('POST /api/auth/signin', { body: { email: body.email, password: 'wrong password' } });
  expect([wrong.status, reasonOf(wrong)]).toEqual([401, 'wrong_credentials']);
});

test('a wrong field is named as the caller sent it', async () => {
  const { status, body } = await call('POST /api/auth/signup', {
    body: { email: 'x', password: 'short', fullName: 'Ada' },
  });
  const { issues } = (body as { error: { issues: { path: string[] }[] } }).error;
  expect([status, issues.map(({ path }) => path)]).toEqual([400, [['email'], ['password'], ['full_name']]]);
});

test('a profile: a missing key is unchanged, null clears', async () => {
  const { token } = await signUp(call, 'mary');
  const avatar_url = 'https://example.com/mary.png';
  await call('PATCH /api/users/me', { token, body: { avatar_url } });
  const renamed = await call('PATCH /api/users/me', { token, body: { full_name: 'Mary S.' } });
  expect(renamed.body).toMatchObject({ full_name: 'Mary S.', avatar_url });
  await call('PATCH /api/users/me', { token, body: { avatar_url: null } });
  const me = {
    full_name: 'Mary S.',
    avatar_url: null,
    status: 'Active',
    email: 'mary@example.com',
    created_at: instant,
  };
  expect((await call('GET /api/users/me', { token })).body).toMatchObject(me);
  expect((await call('PATCH /api/users/me', { token })).status).toBe(200);
});

test('sessions are listed, revoked and left without a body', async () => {
  const { token } = await signUp(call, 'joan');
  const body = { email: 'joan@example.com', password };
  const other = fields(await call('POST /api/auth/signin', { body }));
  const { sessions } = (await call('GET /api/auth/sessions?limit=10', { token })).body as { sessions: Fields[] };
  expect(sessions).toHaveLength(2);
  const old = sessions.find(({ current }) => !current);
  expect((await call(`DELETE /api/auth/sessions/${old?.id}`, { token })).status).toBe(204);
  expect(reasonOf(await call('GET /api/users/me', { token: other.token ?? '' }))).toBe('session_revoked');
  const new_password = 'another long password';
  await call('POST /api/auth/password', { token, body: { current_password: password, new_password } });
  expect((await call('POST /api/auth/signout', { token })).status).toBe(204);
  const back = fields(await call('POST /api/auth/signin', { body: { ...body, password: new_password } }));
  expect((await call('POST /api/auth/signout-all', { token: back.token ?? '' })).status).toBe(204);
});
