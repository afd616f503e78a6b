import { afterAll, expect, test, vi } from 'vitest';
import { signedIn, testServer } from '../testing/index.ts';
import { testIssuers } from '../testing/issuers.ts';
import { oidcHost, providersSetting } from '../testing/oidc-host.ts';

// Whether an address has an account must not be told by the time of a response. What takes time is counted: the
// statements with the number of their rows, and the hashes. A busy machine changes neither. The times themselves are
// compared by their ranks in pairs that take turns, which a busy machine disturbs on both sides alike.

const REPEATS = 3;
const PAIRS = 20;
/** Of pairs from equal times, one side is the slower in 50 % (standard deviation 9 %). A hash left out makes it 0 or 100 %. */
const [SLOWER_MIN, SLOWER_MAX] = [0.1, 0.9];
const [issuers, host] = [await testIssuers(), await oidcHost()];
const app = await testServer({
  FECHATTER_MAIL_VIA: 'smtp',
  FECHATTER_MAIL_HOST: '127.0.0.1',
  FECHATTER_MAIL_FROM: 'chat@example.com',
  FECHATTER_SERVER_WEB_URL: 'http://127.0.0.1:1',
  FECHATTER_AUTH_ISSUERS: issuers.setting,
  FECHATTER_AUTH_PROVIDERS: providersSetting({ one: host }),
  FECHATTER_LIMITS_SIGNUPS_PER_HOUR: '0',
});
const { auth } = app.anonymous;
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await issuers[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

let work: string[] = [];
const watched = new WeakSet();
app.db.pool.on('acquire', (client) => {
  if (watched.has(client)) return;
  watched.add(client);
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  const watching = (...args: unknown[]) => {
    const [given] = args;
    const text = typeof given === 'string' ? given : (given as { text: string }).text;
    const note = (rowCount: number | null | undefined) => work.push(`${rowCount ?? '-'} rows: ${text}`);
    const last = args.at(-1);
    if (typeof last !== 'function') {
      const result = query(...args) as Promise<{ rowCount: number | null }>;
      return result.then((result) => (note(result.rowCount), result));
    }
    const told = (error: unknown, result?: { rowCount: number | null }) => {
      note(result?.rowCount);
      (last as (...values: unknown[]) => void)(error, result);
    };
    return query(...args.slice(0, -1), told);
  };
  Object.assign(client, { query: watching });
});
for (const name of ['hash', 'verify'] as const) {
  const original = app.deps.passwords[name].bind(app.deps.passwords) as (...args: unknown[]) => unknown;
  vi.spyOn(app.deps.passwords, name).mockImplementation((...args: unknown[]) => {
    work.push(`a password: ${name}`);
    return original(...args) as never;
  });
}

/** What a call takes: what happens in each of its runs, so without what the server does beside it. */
async function workOf(runs: readonly (() => Promise<unknown>)[]): Promise<string[]> {
  let common: string[] | undefined;
  for (const run of runs) {
    work = [];
    await run();
    const rest = [...work];
    common = common?.filter((step) => {
      const at = rest.indexOf(step);
      return at >= 0 && rest.splice(at, 1).length > 0;
    });
    common ??= rest;
  }
  return (common ?? []).toSorted();
}

const verified = async (name: string) => {
  const person = await app.signUp(name);
  await app.database.query('update users set email_verified_at = now(), holds_email = true where id = $1', [person.id]);
};
const claimed = (name: string) => app.signUp(name);

/** Prepares a call with an address, and makes it; `name` is of this run alone. */
const calls: Readonly<Record<string, (email: string, name: string) => Promise<() => Promise<unknown>>>> = {
  requestPasswordReset: (email) => Promise.resolve(() => auth.requestPasswordReset.mutate({ email })),
  signup: (email) =>
    Promise.resolve(() => auth.signup.mutate({ email, password: 'a password of theirs', fullName: 'Somebody' })),
  async requestVerification(email) {
    const session = await auth.signup.mutate({ email, password: 'a password of theirs', fullName: 'Somebody' });
    const own = signedIn(app.url, session);
    await own.user.me.query();
    return () => own.auth.requestVerification.mutate();
  },
  async exchange(email, name) {
    const token = await issuers.token({ sub: name, email });
    return () => auth.exchange.mutate({ token });
  },
  async oidcFinish(email, name) {
    const { url, secret } = await auth.oidcBegin.mutate({ provider: 'one' });
    const back = await host.signIn(url, { sub: name, name: 'Somebody', email, email_verified: false });
    return () => auth.oidcFinish.mutate({ ...back, secret });
  },
};

const cases = Object.entries(calls).flatMap(([name, prepare]) =>
  Object.entries({ verified, claimed }).map(([state, make]) => ({ name, state, prepare, make })),
);

/** Prepares a call with an address that an account has, or that is free. */
async function prepared({ name: call, state, prepare, make }: (typeof cases)[number], isHeld: boolean, key: string) {
  const name = `${call}-${state}-${isHeld ? 'held' : 'free'}-${key}`.toLowerCase();
  if (isHeld) await make(name);
  return prepare(`${name}@example.com`, name);
}

test.each(cases)(
  '$name does the same work for an address that an account has $state as for a free one',
  async (each) => {
    const [held, free]: (() => Promise<unknown>)[][] = [[], []];
    for (let n = 0; n < REPEATS; n++) {
      held?.push(await prepared(each, true, `work-${n}`));
      free?.push(await prepared(each, false, `work-${n}`));
    }
    // Statements are prepared, and plans cached, before the work counts.
    await (await prepared(each, false, 'first'))();
    const forFree = await workOf(free ?? []);
    expect(forFree.length).toBeGreaterThan(0);
    expect(await workOf(held ?? [])).toEqual(forFree);
  },
);

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

test.each(cases.filter(({ state }) => state === 'verified'))(
  '$name takes as long for an address that an account has as for a free one',
  async (each) => {
    const times: Record<'held' | 'free', number[]> = { held: [], free: [] };
    for (let n = 0; n < PAIRS; n++) {
      const pair = { held: await prepared(each, true, `time-${n}`), free: await prepared(each, false, `time-${n}`) };
      for (const side of n % 2 === 0 ? (['held', 'free'] as const) : (['free', 'held'] as const))
        times[side].push(await timeOf(pair[side]));
    }
    const slower = times.held.flatMap((held) => times.free.map((free) => Number(held > free)));
    const share = slower.reduce((sum, one) => sum + one, 0) / slower.length;
    expect(share).toBeGreaterThan(SLOWER_MIN);
    expect(share).toBeLessThan(SLOWER_MAX);
  },
);
