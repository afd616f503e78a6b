import type { Session } from '@fechatter/contract';
import { type Client, clientOf } from './client.ts';

/** A signed-in person. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly session: Session;
  readonly trpc: Client;
}

/** Signs a person up. */
export async function personOf(url: string, name: string): Promise<Person> {
  const email = `${name}@example.com`;
  const password = `the password of ${name}`;
  const session = await clientOf(url).auth.signup.mutate({ email, password, fullName: name });
  return { id: session.id, name, email, password, session, trpc: signedIn(url, session) };
}

/** A client with a session's token. */
export const signedIn = (url: string, { token }: Pick<Session, 'token'>): Client =>
  clientOf(url, { authorization: `Bearer ${token}` });
