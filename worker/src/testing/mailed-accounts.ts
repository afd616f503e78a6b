import { openDatabase } from '@fechatter/drizzle';
import { accessOf } from '@fechatter/drizzle/testing';
import { type Person, testServer } from '@fechatter/server/testing';
import { silentLog, testConfig } from '@fechatter/service-kit/testing';
import { until } from '@fechatter/testing/until';
import { runMail } from '../mail/run-mail.ts';
import { createMailTransport } from '../mail/transport.ts';
import { mailHost, type ReceivedMail } from './mail-host.ts';

/** For tests: a real server, a real mail host, and a mail sender with the rights of a worker. */
export async function mailedAccounts(env: Readonly<Record<string, string>> = {}) {
  const host = await mailHost();
  const settings = { ...host.env, FECHATTER_LIMITS_SIGNINS_PER_MINUTE: '0', ...env };
  const app = await testServer(settings);
  const access = accessOf(app.database, 'worker');
  const db = openDatabase(access);
  const stop = new AbortController();
  const config = testConfig('worker', { FECHATTER_DATABASE_URL: access.url, ...settings });
  const transport = createMailTransport(config);
  if (transport === undefined) throw new Error('mail is off');
  const sending = runMail({ deps: { db, log: silentLog(), config }, transport, signal: stop.signal, pollMs: 50 });
  const { auth } = app.anonymous;

  /** Waits for the `count`th mail to an address. */
  const mailTo = (address: string, count = 1): Promise<ReceivedMail> =>
    until(() => host.mailsTo(address)[count - 1], `mail ${count} to ${address}`);
  const tokenOf = async (address: string, count?: number): Promise<string> => {
    const { token, subject } = await mailTo(address, count);
    if (token === undefined) throw new Error(`no link: ${subject}`);
    return token;
  };
  const waiting = () => app.database.query('select from mail_jobs where failed_at is null');
  const allSent = () => until(async () => (await waiting()).length === 0, 'all are sent');
  return {
    app,
    host,
    /** Connected as the worker. */
    db,
    config,
    auth,
    mailTo,
    tokenOf,
    allSent,
    /** Signs up a person and confirms their address. */
    proved: async (name: string): Promise<Person> => {
      const person = await app.signUp(name);
      await auth.verifyEmail.mutate({ token: await tokenOf(person.email) });
      return person;
    },
    auditOf: async ({ id }: { readonly id: string }): Promise<string[]> => {
      const lines = await app.database.query<{ action: string }>(
        'select action from audit_log where scope_id = $1 order by id',
        [id],
      );
      return lines.map(({ action }) => action);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort();
      await sending.ended;
      await db.close();
      await app[Symbol.asyncDispose]();
      await host[Symbol.asyncDispose]();
    },
  };
}

/** The credentials with which a person signs in. */
export const typed = ({ email, password }: Person) => ({ email, password });
/** The error for every token that is not valid. */
export const spent = { code: 'BAD_REQUEST', reason: 'token_spent' };
