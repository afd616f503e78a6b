import type { FechatterClient } from '@fechatter/client';
import type { Chance } from '@fechatter/testing/chance';
import { type Backends, hoppingClient } from './sdk-client.ts';
import { type CallTally, repeatCall } from './retry.ts';

export const PASSWORD = 'correct horse battery staple';

/** A person who writes, with a session that no fault revokes. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly client: FechatterClient;
}

export interface SignedIn {
  readonly client: FechatterClient;
  readonly sessionId: string;
}

const PATIENCE_MS = 60_000;

/** Makes an account. */
export async function signUp(backends: Backends, chance: Chance, name: string): Promise<Person> {
  const client = hoppingClient(backends, chance);
  const email = `${name}@example.com`;
  const { id } = await client.auth.signup.mutate({ email, password: PASSWORD, fullName: name });
  return { id, name, email, client };
}

/** Another session of the same person, which can be revoked. Undefined if the account is suspended. */
export async function signIn(
  backends: Backends,
  chance: Chance,
  person: Person,
  tally: CallTally,
  onStream?: (instance: number) => void,
): Promise<SignedIn | undefined> {
  const client = hoppingClient(backends, chance, onStream);
  const credentials = { email: person.email, password: PASSWORD };
  const signedIn = await repeatCall(tally, () => client.auth.signin.mutate(credentials), PATIENCE_MS, 'auth.signin');
  if (signedIn.is !== 'done') return undefined;
  const listed = await repeatCall(
    tally,
    () => client.auth.sessions.query({ limit: 100 }),
    PATIENCE_MS,
    'auth.sessions',
  );
  if (listed.is !== 'done') return undefined;
  const current = listed.value.sessions.find(({ current }) => current);
  if (current === undefined) throw new Error(`${person.name} has a session that is not listed`);
  return { client, sessionId: current.id };
}
