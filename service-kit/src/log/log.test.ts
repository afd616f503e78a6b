import { describe, expect, test } from 'vitest';
import { collectedLog } from '../testing/index.ts';
import { createLog } from './log.ts';
import { redactText } from './redact-text.ts';

const secret = 'hunter2';

test.each([
  { token: secret },
  { challenge: secret, recoveryCodes: [secret] },
  { refreshToken: secret },
  { req: { headers: { authorization: secret, cookie: secret, 'set-cookie': secret } } },
  { input: { password: secret, currentPassword: secret, newPassword: secret } },
  { inviteToken: secret, invite_token: secret, deviceToken: secret, 'x-auth-secret': secret, mailPassword: secret },
  { url: `/api/auth/reset-password?new_password=${secret}&currentPassword=${secret}` },
  { url: `/api/auth/signup?invite_token=${secret}`, from: `https://chat.example.org/#/verify?token=${secret}` },
  { ticket: secret, connectionParams: { token: secret } },
  { a: { b: { c: [{ Refresh_Token: secret }] } } },
  { a: { b: { c: { d: { e: { f: { g: { h: secret } } } } } } } },
  { failure: Object.assign(new Error('query'), { detail: secret, params: [secret] }) },
  { url: `/trpc/notification.events?ticket=${secret}&last_event_id=x` },
  { url: `/trpc/notification.events?connectionParams=%7B%22token%22%3A%22${secret}%22%7D` },
  { err: new Error(`cannot call http://x/y?ticket=${secret}`) },
  { err: new Error('outer', { cause: new Error(`connect postgres://user:${secret}@host/db`) }) },
  { err: new Error(`Failed query: insert into users values ($1)\nparams: a@b.c,${secret}\n    at ${secret}`) },
  { err: Object.assign(new Error('duplicate key'), { detail: `Key (email)=(${secret}) exists`, where: secret }) },
])('a log line hides secrets: %o', (fields) => {
  const { log, lines } = collectedLog();
  log.info(fields, 'said');
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toContain(secret);
});

test('an error is logged with its stack, its causes and our own fields', () => {
  const { log, lines } = collectedLog();
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', constraint: 'users_email_key' });
  log.error({ err: new TypeError('cannot insert', { cause }) }, 'failed');
  expect(lines[0]).toMatchObject({
    msg: 'failed',
    err: {
      type: 'TypeError',
      message: 'cannot insert',
      stack: expect.stringMatching(/^TypeError: cannot insert\n {4}at .*log\.test\.ts/),
      cause: { message: 'duplicate key', code: '23505', constraint: 'users_email_key' },
    },
  });
});

test('an error that is its own cause is logged once', () => {
  const { log, lines } = collectedLog();
  const error = new Error('round');
  error.cause = error;
  log.error({ err: error });
  expect(lines).toHaveLength(1);
});

describe('redactText', () => {
  test.each([
    ['/x?a=1&ticket=abc&b=2', '/x?a=1&ticket=[redacted]&b=2'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['got eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln here', 'got [redacted] here'],
    ['key fcs_abc-DEF_1 here', 'key [redacted] here'],
    ['key fck_0a1b_Zz9 here', 'key [redacted] here'],
    ['POST /hooks/0193-a/s3cr_et-x?y=1', 'POST /hooks/0193-a/[redacted]?y=1'],
    ['nothing to hide', 'nothing to hide'],
  ])('%s', (text, redacted) => {
    expect(redactText(text)).toBe(redacted);
  });
});

test('pretty lines are short', () => {
  const written: string[] = [];
  const log = createLog({
    name: 'server',
    level: 'info',
    pretty: true,
    to: { write: (line) => void written.push(line) },
  });
  log.info({ chatId: 'c1', token: secret }, 'message sent');
  log.debug('not shown');
  expect(written.join('')).toMatch(/^\d\d:\d\d:\d\d info {2}server: message sent chatId='c1' token='\[redacted\]'\n$/);
});
