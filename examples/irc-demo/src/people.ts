import { createFechatter, type FechatterClient, isFechatterError } from '@fechatter/client';
import { randomUUID } from 'node:crypto';
import { persist } from './persist.ts';

export interface Urls {
  readonly serverUrl: string;
  readonly notifyUrl: string;
}
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** One person of this run, with their own client. */
export interface Person {
  readonly name: string;
  readonly client: FechatterClient;
  readonly credentials: Credentials;
}

const run = randomUUID().slice(0, 8);
let count = 0;

/** Signs a person up. If the response was lost, the account exists: then signing in suffices. */
export async function signUp(urls: Urls, name: string): Promise<Person> {
  const client = createFechatter(urls);
  count += 1;
  const credentials = { email: `irc-${run}-${count}@irc.example`, password: randomUUID() };
  await persist(async () => {
    try {
      await client.auth.signup.mutate({ ...credentials, fullName: name });
    } catch (error) {
      if (!isFechatterError(error, 'email_taken')) throw error;
      await client.auth.signin.mutate(credentials);
    }
  });
  return { name, client, credentials };
}

/** Runs `work` for each item, at most `width` at a time. */
export async function eachOf<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items].values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
