import { testServer, totpOf } from '@fechatter/server/testing';
import { testEnvironment } from '@fechatter/service-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { runCli } from './run-cli.ts';

const app = await testServer();
afterAll(() => app[Symbol.asyncDispose]());

async function cli(line: string) {
  let out = '';
  let err = '';
  const code = await runCli(line.split(' ').filter(Boolean), {
    env: { ...testEnvironment, FECHATTER_DATABASE_URL: app.database.url },
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}
const json = async <T>(line: string): Promise<T> => JSON.parse((await cli(`${line} --json`)).out) as T;

test('help names every command, and each has its own', async () => {
  const { code, out } = await cli('--help');
  expect(code).toBe(0);
  for (const [name, { summary }] of Object.entries(commands)) {
    expect(out).toContain(name);
    const help = await cli(`${name} --help`);
    expect(help.code).toBe(0);
    expect(help.out).toContain(summary);
  }
  const group = await cli('users --help');
  expect(group.out).toContain('users suspend <id or e-mail>');
  expect(group.out).not.toContain('keys rotate');
});

test.each([
  ['', 'Usage: pnpm fechatter'],
  ['nonsense', 'Usage: pnpm fechatter'],
  ['users list --nonsense', "Unknown option '--nonsense'"],
  ['users list --limit many', '--limit: many given, expected a whole number from 1 to 1000'],
  ['users show', 'id or e-mail is missing'],
  ['users show a b', 'one id or e-mail is expected, 2 were given'],
  ['log reset', 'this empties the event log: say --yes'],
])('%s is not understood', async (line, expected) => {
  const { code, out, err } = await cli(line);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(expected);
});

test('people and workspaces are listed in pages', async () => {
  const { alice, bob, workspace } = await app.workspaceOf('alice', 'bob');
  const { id: workspaceId } = workspace;
  const { users } = await json<{ users: { id: string; email: string; sessions: number }[] }>('users list --limit 1');
  expect(users).toMatchObject([{ id: alice.id, email: alice.email, sessions: 1 }]);
  const rest = await json<{ users: { id: string }[] }>(`users list --after ${alice.id}`);
  expect(rest.users.map(({ id }) => id)).toEqual([bob.id]);
  expect((await cli('users list --search BOB@')).out).toMatch(
    new RegExp(`^${bob.id}  Active .* bob@example.com  bob\n$`),
  );
  const { workspaces } = await json<{ workspaces: unknown[] }>('workspaces list');
  expect(workspaces).toMatchObject([{ id: workspaceId, members: 2, chats: 0, owners: [alice.email] }]);
  const shown = await cli('users show Alice@Example.com');
  expect(shown.out).toContain(`workspace ${workspaceId}  Owner`);
});

test('no name forges a row or moves the cursor, not even one stored before names were validated', async () => {
  const mallory = await app.signUp('mallory');
  const hostile = 'x\n01a2 Active  root\u001b[2K\u009b1A\u2028\u202eevil\u007f';
  await app.database.query('update users set full_name = $1 where id = $2', [hostile, mallory.id]);
  await app.database.query('update sessions set user_agent = $1 where user_id = $2', [hostile, mallory.id]);
  for (const line of ['users list --search mallory', 'users show mallory@example.com']) {
    const { out } = await cli(line);
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[^\n\P{Cc}]|[\u2028\u202e]/u);
    expect(out).toContain('x\\u000a01a2 Active  root\\u001b[2K');
    const { out: asJson } = await cli(`${line} --json`);
    expect(asJson).not.toMatch(/[^\n\P{Cc}]|[\u2028\u202e]/u);
    expect(JSON.stringify(JSON.parse(asJson))).toContain(JSON.stringify(hostile).slice(1, -1));
  }
  expect((await cli('users list --search mallory')).out.trimEnd().split('\n')).toHaveLength(1);
});

test('a suspended person is signed out at once, and can sign in with the password once restored', async () => {
  const carol = await app.signUp('carol');
  expect((await cli('users suspend carol@example.com')).out).toBe('carol@example.com is suspended\n');
  await expect
    .poll(() =>
      carol.trpc.user.me.query().then(
        () => 'a response',
        (error: Error) => error.message,
      ),
    )
    .toContain('session has ended');
  const { email, password } = carol;
  await expect(app.anonymous.auth.signin.mutate({ email, password })).rejects.toThrow('suspended');
  expect((await cli('users list --status Suspended')).out).toContain(carol.id);
  expect((await cli(`users reactivate ${carol.id}`)).code).toBe(0);
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ id: carol.id });
  expect(await cli('users suspend nobody@example.com')).toMatchObject({
    code: 1,
    err: 'no account has the id or e-mail address nobody@example.com\n',
  });
});

test('a person who lost the second factor can sign in with the password after the operator removes the factor', async () => {
  const lost = await app.signUp('lost');
  await totpOf(app, lost);
  const { email, password } = lost;
  await expect(app.anonymous.auth.signin.mutate({ email, password })).rejects.toThrow('auth.secondFactor');
  expect((await cli('users drop-factors lost@example.com')).out).toBe(
    'lost@example.com has no second factor any more\n',
  );
  expect(await app.anonymous.auth.signin.mutate({ email, password })).toMatchObject({ id: lost.id });
  expect((await cli('users drop-factors lost@example.com')).out).toBe('lost@example.com has no second factor\n');
});

test('an operator marks an address as verified where no mail is sent, and its invitation can be accepted', async () => {
  const { frida, workspace } = await app.workspaceOf('frida');
  const gus = await app.signUp('gus');
  const bound = { workspaceId: workspace.id, role: 'Member', email: gus.email } as const;
  const { token } = await frida.trpc.workspace.invite.mutate(bound);
  await expect(gus.trpc.workspace.acceptInvite.mutate({ token })).rejects.toMatchObject({
    data: { reason: 'email_unverified' },
  });
  expect((await cli('users verify gus@example.com')).out).toBe('gus@example.com is verified\n');
  expect(await gus.trpc.user.me.query()).toMatchObject({ emailVerifiedAt: expect.any(Date) });
  expect(await gus.trpc.workspace.acceptInvite.mutate({ token })).toMatchObject({ id: workspace.id });
  const lines = await app.database.query<{ actor_id: string | null }>(
    `select actor_id from audit_log where scope_id = $1 and action = 'account.emailVerified'`,
    [gus.id],
  );
  expect(lines).toEqual([{ actor_id: null }]);
});

test('after a reset the log starts at position 0, and writing continues', async () => {
  expect(await json('log reset --yes')).toEqual({ pos: 0 });
  expect(await app.database.query('select count(*)::int as rows from event_log')).toEqual([{ rows: 0 }]);
  const { dave, chat } = await app.chatOf('dave', 'erin');
  await dave.trpc.message.send.mutate({ chatId: chat.id, content: 'after the reset' });
});

test('a command reports wrong settings in one line', async () => {
  let err = '';
  const world = {
    env: { FECHATTER_DATABASE_URL: 'nonsense' },
    out: () => {},
    err: (text: string) => void (err += text),
    signal: new AbortController().signal,
  };
  expect(await runCli(['users', 'list'], world)).toBe(1);
  expect(err).toContain('FECHATTER_DATABASE_URL');
});
