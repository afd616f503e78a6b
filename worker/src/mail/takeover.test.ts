import { type Person, refusal, signedIn, totpOf } from '@fechatter/server/testing';
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { type At, hosted, shopToken, takeoverStage } from './takeover-stage.ts';

// Who ends up with which account: each cell of the table in SECURITY.md is tried.

const stage = await takeoverStage();
const { app, auth, host, proved, allSent, mailTo, tokenOf, inviter, workspaceId, callbackOf, enter } = stage;
afterAll(() => stage[Symbol.asyncDispose]());

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
    return { ...(await enter('one', hosted(name, email, true))), email };
  },
  'of a provider, unverified': async (name) => {
    const email = `${name}@example.com`;
    return { ...(await enter('one', hosted(name, email, false))), email };
  },
  'of two providers, both verified': async (name) => {
    const email = `${name}@example.com`;
    const first = await enter('one', hosted(name, email, true));
    const second = await enter('two', hosted(`${name}-two`, email, true));
    expect(second.id).toBe(first.id);
    return { ...second, email, at: 'three' };
  },
  'of a provider, where the address was changed': async (name) => {
    const before = await enter('one', hosted(name, `${name}-old@example.com`, true));
    const email = `${name}@example.com`;
    const after = await enter('one', hosted(name, email, true));
    expect([after.id, after.email]).toEqual([before.id, `${name}-old@example.com`]);
    return { ...after, email };
  },
  'of a provider, where it was deleted and made again': async (name) => {
    const email = `${name}@example.com`;
    return { ...(await enter('one', hosted(name, email, true))), email, at: 'one' };
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
    const callback = await callbackOf(a.at ?? 'two', hosted(`${name}-b`, a.email, true));
    const session = await auth.oidcFinish.mutate(callback).catch(() => undefined);
    if (session !== undefined) return outcome(a, session);
    const again = await callbackOf(a.at ?? 'two', hosted(`${name}-b`, a.email, true));
    return `refused (${String(await reasonOf(auth.oidcFinish.mutate(again)))})`;
  },
  async (a, name) => outcome(a, await enter(a.at ?? 'two', hosted(`${name}-b`, a.email, false))),
  async (a, name) => {
    const b = await proved(`${name}-own`);
    await b.trpc.auth.link.mutate(await callbackOf(a.at ?? 'two', hosted(`${name}-b`, a.email, true)));
    expect((await enter(a.at ?? 'two', hosted(`${name}-b`, a.email, true))).id).toBe(b.id);
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
const tableAfter = (head: string) =>
  security
    .slice(security.indexOf(head))
    .split('\n\n')[0]
    ?.split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const written = tableAfter("| A's account |");

test('the table has a row for every tried case', () => {
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

/** What each account has beside its password. */
const factors: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
  'an authenticator app': (person) => totpOf(app, person),
  // As auth.passkeyAdd leaves it; how passkeys are made and used is tried in a browser elsewhere.
  'a passkey': async ({ id }) => {
    await app.database.query(
      `insert into passkeys (id, user_id, credential_id, public_key, sign_count, transports, name, is_synced)
       values (gen_random_uuid(), $1, decode(md5($2), 'hex'), '\\x', 0, '{}', 'key', false)`,
      [id, id],
    );
    await app.database.query('update users set second_factor_at = now() where id = $1', [id]);
  },
};
const asked = 'the factor is asked for';
/** Whether a sign-in waits for the second factor, or what else became of it. */
async function factorOf(a: Pick<Person, 'id'>, signin: Promise<{ readonly id: string }>): Promise<string> {
  const session = await signin.catch(() => undefined);
  if (session !== undefined) return session.id === a.id ? "A's account, without it" : 'a new account';
  return (await reasonOf(signin)) === 'second_factor_required' ? asked : `refused (${String(await reasonOf(signin))})`;
}

/** What happens to an account with a second factor, in the order of the table. */
const ways: readonly ((a: Person, name: string) => Promise<string>)[] = [
  async (a) => {
    await allSent();
    const count = host.mailsTo(a.email).length;
    await auth.requestPasswordReset.mutate({ email: a.email });
    await auth.resetPassword.mutate({
      token: await tokenOf(a.email, count + 1),
      newPassword: 'of who reads the mail',
    });
    return factorOf(a, auth.signin.mutate({ email: a.email, password: 'of who reads the mail' }));
  },
  async (a, name) => factorOf(a, enter('one', hosted(name, a.email, true))),
  async (a, name) => {
    const person = hosted(name, `${name}-elsewhere@example.com`, true);
    await a.trpc.auth.link.mutate(await callbackOf('one', person));
    return factorOf(a, enter('one', person));
  },
  async (a, name) => factorOf(a, auth.exchange.mutate({ token: shopToken({ sub: name, email: a.email }) })),
  async (a, name) => {
    const newEmail = `${name}-new@example.com`;
    await a.trpc.auth.changeEmail.mutate({ newEmail, currentPassword: a.password });
    await auth.verifyEmail.mutate({ token: await tokenOf(newEmail) });
    return factorOf(a, auth.signin.mutate({ email: newEmail, password: a.password }));
  },
  async (a) => {
    const input = { workspaceId, role: 'Member' as const, email: a.email };
    const { token } = await inviter.trpc.workspace.invite.mutate(input);
    const b = signedIn(app.url, await signUp(a.email));
    expect(await reasonOf(b.workspace.acceptInvite.mutate({ token }))).toBe('email_unverified');
    await a.trpc.workspace.acceptInvite.mutate({ token });
    return factorOf(a, auth.signin.mutate({ email: a.email, password: a.password }));
  },
];

describe('an account with a second factor:', () => {
  const table = tableAfter("| A's second factor |");
  test.each(Object.entries(factors).map(([row, add], index) => [row, add, index] as const))(
    '%s',
    async (row, add, index) => {
      const cells: string[] = [row];
      for (const [way, act] of ways.entries()) {
        const name = `factor-${index}-${way}`;
        const a = await proved(name);
        await add(a);
        cells.push(await act(a, name));
      }
      expect(cells).toEqual(table?.[index]);
    },
  );
});

test('an identity from before the address was proved does not survive the reset, one from after it does', async () => {
  const email = 'bait@example.com';
  const eve = await enter('one', hosted('eve', email, false));
  const session = signedIn(app.url, eve);
  await session.auth.requestVerification.mutate();
  // The victim confirms an address that is theirs, then wonders what the password is.
  await auth.verifyEmail.mutate({ token: await tokenOf(email) });
  const own = hosted('victim', email, true);
  expect((await enter('two', own)).id).toBe(eve.id);
  await allSent();
  const count = host.mailsTo(email).length;
  await auth.requestPasswordReset.mutate({ email });
  await auth.resetPassword.mutate({ token: await tokenOf(email, count + 1), newPassword: 'of the victim' });
  expect((await enter('one', hosted('eve', email, false))).id).not.toBe(eve.id);
  expect((await enter('two', own)).id).toBe(eve.id);
  await allSent();
  const subjects = host.mailsTo(email).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject === 'Fewer ways to sign in to your account at Fechatter')).toHaveLength(
    1,
  );
});

test('an earlier identity of another app is removed too, and one whose provider had verified the address stays', async () => {
  const reset = async (email: string) => {
    await allSent();
    const count = host.mailsTo(email).length;
    await auth.requestPasswordReset.mutate({ email });
    await auth.resetPassword.mutate({ token: await tokenOf(email, count + 1), newPassword: 'of the owner' });
  };
  const brought = await auth.exchange.mutate({ token: shopToken({ sub: 'mallory', email: 'app@example.com' }) });
  await signedIn(app.url, brought).auth.requestVerification.mutate();
  await auth.verifyEmail.mutate({ token: await tokenOf('app@example.com') });
  await reset('app@example.com');
  const later = await auth.exchange.mutate({ token: shopToken({ sub: 'mallory' }) });
  expect(later.id).not.toBe(brought.id);
  const person = hosted('vouched', 'vouched@example.com', true);
  const first = await enter('one', person);
  await reset('vouched@example.com');
  expect((await enter('one', person)).id).toBe(first.id);
});

test('the owner gets a mail when a provider is linked to the account, in every way of linking', async () => {
  const mails = async (email: string) => {
    await allSent();
    return host
      .mailsTo(email)
      .filter(({ subject }) => subject === 'Another way to sign in to your account at Fechatter');
  };
  const owner = await proved('linked');
  await owner.trpc.auth.link.mutate(await callbackOf('one', hosted('linked', 'elsewhere@example.com', false)));
  expect(await mails(owner.email)).toHaveLength(1);
  // By the address, which both have verified.
  expect((await enter('two', hosted('linked', owner.email, true))).id).toBe(owner.id);
  expect(await mails(owner.email)).toHaveLength(2);
  // Neither a repeat nor a new account sends a mail.
  await enter('two', hosted('linked', owner.email, true));
  await enter('two', hosted('unlinked', 'unlinked@example.com', true));
  for (const [email, count] of [
    [owner.email, 2],
    ['unlinked@example.com', 0],
  ] as const)
    expect([email, (await mails(email)).length]).toEqual([email, count]);
});

test('an account prepared with another person’s address keeps no provider as a way in', async () => {
  const prepared = await app.signUp('prepared');
  const linking = async () =>
    prepared.trpc.auth.link.mutate(await callbackOf('one', hosted('preparer', 'preparer@example.com', true)));
  expect(await reasonOf(linking())).toBe('email_unverified');
  await auth.verifyEmail.mutate({ token: await tokenOf(prepared.email) });
  expect(await linking()).toMatchObject({ provider: 'one' });
});
