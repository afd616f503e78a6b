import { refusal, signedIn } from '@fechatter/server/testing';
import { type HostedPerson, type OidcHost, oidcHost, providersSetting } from '@fechatter/server/testing/oidc';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { mailedAccounts } from '../testing/mailed-accounts.ts';

// Who ends up with which account: each cell of the table in SECURITY.md is tried.

const hosts: Readonly<Record<'one' | 'two' | 'three', OidcHost>> = {
  one: await oidcHost(),
  two: await oidcHost(),
  three: await oidcHost(),
};
const scene = await mailedAccounts({ FECHATTER_AUTH_PROVIDERS: providersSetting(hosts) });
const { app, auth, host, proved, allSent, mailTo, tokenOf } = scene;
const inviter = await proved('inviter');
const { id: workspaceId } = await inviter.trpc.workspace.create.mutate({ name: 'W' });
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
  await Promise.all(Object.values(hosts).map((one) => one[Symbol.asyncDispose]()));
});

type At = keyof typeof hosts;
async function answerOf(at: At, person: HostedPerson) {
  const { url, secret } = await auth.oidcBegin.mutate({ provider: at });
  return { ...(await hosts[at].signIn(url, person)), secret };
}
const enter = async (at: At, person: HostedPerson) => auth.oidcFinish.mutate(await answerOf(at, person));
const of = (sub: string, email: string, isVerified: boolean): HostedPerson => ({
  sub,
  name: 'Person',
  email,
  email_verified: isVerified,
});

/** Whose address B comes with, and how B comes at a provider. */
interface Target {
  readonly id: string;
  readonly token: string;
  readonly email: string;
  readonly at?: At;
}

/** Makes A's account; `name` is of this cell alone. */
const rows: Readonly<Record<string, (name: string) => Promise<Target>>> = {
  'local, unverified': async (name) => {
    const { session, email } = await app.signUp(name);
    return { ...session, email };
  },
  'local, verified': async (name) => {
    const { session, email } = await proved(name);
    return { ...session, email };
  },
  'of a provider, verified': async (name) => {
    const email = `${name}@example.com`;
    return { ...(await enter('one', of(name, email, true))), email };
  },
  'of a provider, unverified': async (name) => {
    const email = `${name}@example.com`;
    return { ...(await enter('one', of(name, email, false))), email };
  },
  'of two providers, both verified': async (name) => {
    const email = `${name}@example.com`;
    const first = await enter('one', of(name, email, true));
    const second = await enter('two', of(`${name}-two`, email, true));
    expect(second.id).toBe(first.id);
    return { ...second, email, at: 'three' };
  },
  'of a provider, where the address was changed': async (name) => {
    const before = await enter('one', of(name, `${name}-old@example.com`, true));
    const email = `${name}@example.com`;
    const after = await enter('one', of(name, email, true));
    expect([after.id, after.email]).toEqual([before.id, `${name}-old@example.com`]);
    return { ...after, email };
  },
  'of a provider, where it was deleted and made again': async (name) => {
    const email = `${name}@example.com`;
    return { ...(await enter('one', of(name, email, true))), email, at: 'one' };
  },
};

const reasonOf = async (call: Promise<unknown>) => (await refusal(call))?.reason;

/** What became of A when B got an account. */
async function outcome(a: Target, b: { readonly id: string }): Promise<string> {
  if (b.id === a.id) return "A's account";
  const me = await signedIn(app.url, a)
    .user.me.query()
    .catch(() => undefined);
  if (me !== undefined) return 'a new account';
  const [left] = await app.database.query<{ holds: boolean }>('select holds_email as holds from users where id = $1', [
    a.id,
  ]);
  expect(left).toEqual({ holds: false });
  return 'a new account; A loses the address, password and sessions';
}

const signUp = (email: string) => auth.signup.mutate({ email, password: 'a password of B', fullName: 'B' });

/** What B does, in the order of the table. */
const columns: readonly ((a: Target, name: string) => Promise<string>)[] = [
  async (a) => outcome(a, await signUp(a.email)),
  async (a, name) => {
    const answer = await answerOf(a.at ?? 'two', of(`${name}-b`, a.email, true));
    const session = await auth.oidcFinish.mutate(answer).catch(() => undefined);
    if (session !== undefined) return outcome(a, session);
    const again = await answerOf(a.at ?? 'two', of(`${name}-b`, a.email, true));
    return `refused (${String(await reasonOf(auth.oidcFinish.mutate(again)))})`;
  },
  async (a, name) => outcome(a, await enter(a.at ?? 'two', of(`${name}-b`, a.email, false))),
  async (a, name) => {
    const b = await proved(`${name}-own`);
    await b.trpc.auth.link.mutate(await answerOf(a.at ?? 'two', of(`${name}-b`, a.email, true)));
    expect((await enter(a.at ?? 'two', of(`${name}-b`, a.email, true))).id).toBe(b.id);
    return (await outcome(a, b)) === 'a new account' ? "B's own account" : 'something else';
  },
  async (a) => {
    const input = { workspaceId, role: 'Member' as const, email: a.email };
    const { token } = await inviter.trpc.workspace.invite.mutate(input);
    const b = signedIn(app.url, await signUp(a.email));
    expect(await reasonOf(b.workspace.acceptInvite.mutate({ token }))).toBe('email_unverified');
    return 'refused until verified';
  },
  async (a) => {
    await allSent();
    const before = host.mailsTo(a.email).length;
    await auth.requestPasswordReset.mutate({ email: a.email });
    await allSent();
    if (host.mailsTo(a.email).length === before) return 'nothing is sent';
    const { token = '' } = await mailTo(a.email, before + 1);
    await auth.resetPassword.mutate({ token, newPassword: 'the new password of A' });
    const session = await auth.signin.mutate({ email: a.email, password: 'the new password of A' });
    return session.id === a.id ? "A's account, for who reads the mail" : 'another account';
  },
];

const security = await readFile(new URL('../../../SECURITY.md', import.meta.url), 'utf8');
const written = security
  .slice(security.indexOf("| A's account |"))
  .split('\n\n')[0]
  ?.split('\n')
  .slice(2)
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test('the table has the rows that are tried', () => {
  expect(written?.map(([row]) => row)).toEqual(Object.keys(rows));
});

describe('an account', () => {
  test.each(Object.entries(rows).map(([row, make], index) => [row, make, index] as const))(
    '%s',
    async (row, make, index) => {
      const cells: string[] = [row];
      for (const [column, act] of columns.entries()) {
        const name = `cell-${index}-${column}`;
        cells.push(await act(await make(name), name));
      }
      expect(cells).toEqual(written?.[index]);
    },
  );
});

test('the owner gets a mail when a provider can sign in to the account from now on, however it was linked', async () => {
  const mails = async (email: string) => {
    await allSent();
    return host
      .mailsTo(email)
      .filter(({ subject }) => subject === 'Another way to sign in to your account at Fechatter');
  };
  const owner = await proved('linked');
  await owner.trpc.auth.link.mutate(await answerOf('one', of('linked', 'elsewhere@example.com', false)));
  expect(await mails(owner.email)).toHaveLength(1);
  // By the address, which both have verified.
  expect((await enter('two', of('linked', owner.email, true))).id).toBe(owner.id);
  expect(await mails(owner.email)).toHaveLength(2);
  // Neither the same again nor a new account is news.
  await enter('two', of('linked', owner.email, true));
  await enter('two', of('unlinked', 'unlinked@example.com', true));
  for (const [email, count] of [
    [owner.email, 2],
    ['unlinked@example.com', 0],
  ] as const)
    expect([email, (await mails(email)).length]).toEqual([email, count]);
});

test('who prepares an account with the address of somebody else links no provider to it, to keep a way in', async () => {
  const prepared = await app.signUp('prepared');
  const linking = async () =>
    prepared.trpc.auth.link.mutate(await answerOf('one', of('preparer', 'preparer@example.com', true)));
  expect(await reasonOf(linking())).toBe('email_unverified');
  await auth.verifyEmail.mutate({ token: await tokenOf(prepared.email) });
  expect(await linking()).toMatchObject({ provider: 'one' });
});
