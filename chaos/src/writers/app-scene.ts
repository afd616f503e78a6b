import type { FechatterAdmin } from '@fechatter/client';
import { ServiceScope } from '@fechatter/contract';
import { createServiceKey } from '@fechatter/server';
import type { Chance } from '@fechatter/testing/chance';
import type { Store } from '../system/store.ts';
import type { Person } from './people.ts';
import { mustSucceed, type CallTally } from './retry.ts';
import type { SceneChat } from './scene.ts';
import { type Backends, hoppingAdmin } from './sdk-client.ts';

/** An app with a service key, and its own workspace. It names people as the scene does. */
export interface SceneApp {
  readonly admin: FechatterAdmin;
  readonly workspace: string;
  readonly workspaceId: string;
  readonly owner: Person;
  readonly people: readonly Person[];
  /** Customers who are not erased yet: they stay in the workspace, which receives their change of name only then. */
  readonly customers: Set<string>;
  /** By externalId. */
  readonly chats: Map<string, SceneChat>;
}

const ISSUER = 'chaos';
const PEOPLE = 8;

/** Makes the app's key, links some of the people to it, and makes its workspace. */
export async function letAppIn(
  system: Backends & { readonly store: Store },
  chance: Chance,
  tally: CallTally,
  all: readonly Person[],
): Promise<SceneApp> {
  const people = all.slice(0, PEOPLE);
  const [owner] = people;
  if (owner === undefined) throw new Error('an app needs a person');
  const db = system.store.open();
  const { key } = await createServiceKey(db, { name: 'app', issuer: ISSUER, scopes: ServiceScope.options });
  await db.close();
  for (const { id, name } of people)
    await system.store.query(
      'insert into identities (id, user_id, issuer, subject) values (gen_random_uuid(), $1, $2, $3)',
      [id, ISSUER, name],
    );
  const admin = hoppingAdmin(system, chance, key);
  const workspace = 'desk';
  const { id: workspaceId } = await mustSucceed(tally, 'admin.upsertWorkspace', () =>
    admin.upsertWorkspace.mutate({ externalId: workspace, name: 'Desk' }),
  );
  const members = people.map((person) => ({
    externalId: person.name,
    role: person === owner ? ('Owner' as const) : ('Member' as const),
  }));
  await mustSucceed(tally, 'admin.setMembers', () => admin.setMembers.mutate({ workspace, members, mode: 'replace' }));
  return { admin, workspace, workspaceId, owner, people, customers: new Set(), chats: new Map() };
}
