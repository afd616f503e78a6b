import type { ServiceScope } from '@fechatter/contract';
import { createServiceKey } from '../admin/operate-service-keys.ts';
import type { Client } from './client.ts';
import { signedIn } from './person.ts';
import { brokenRules } from './invariants.ts';
import { APP, type TestIssuers, testIssuers } from './issuers.ts';
import { type TestServer, testServer } from './test-server.ts';

type Admin = Client['admin'];
const all: readonly ServiceScope[] = ['users', 'sessions', 'workspaces', 'chats', 'messages'];

/** A server that another app uses with a key; the app also issues tokens. */
export interface AppWithKey extends AsyncDisposable {
  readonly app: TestServer;
  readonly issuers: TestIssuers;
  /** Calls with the app's key. */
  readonly admin: Admin;
  readonly keyId: string;
  readonly newKey: (
    issuer?: string,
    scopes?: readonly ServiceScope[],
  ) => Promise<{ readonly id: string; readonly key: string }>;
  readonly withKey: (key: string) => Admin;
  /** One of the app's people, whose name is the externalId. */
  readonly person: (externalId: string, more?: object) => ReturnType<Admin['upsertUser']['mutate']>;
  /** Signs one of them in. */
  readonly asPerson: (externalId: string) => Promise<Client>;
  /** A workspace with these people; the first is Owner. Returns its id. */
  readonly workspaceOf: (workspace: string, ...people: string[]) => Promise<string>;
}

export async function appWithKey(): Promise<AppWithKey> {
  const issuers = await testIssuers();
  const app = await testServer({ FECHATTER_AUTH_ISSUERS: issuers.setting });
  const withKey = (key: string) => app.client({ authorization: `Bearer ${key}` }).admin;
  const newKey = (issuer = APP, scopes = all) => createServiceKey(app.db, { name: 'test', issuer, scopes });
  const { key, id: keyId } = await newKey();
  const admin = withKey(key);
  const person = (externalId: string, more: object = {}) =>
    admin.upsertUser.mutate({ externalId, fullName: externalId, ...more });
  return {
    app,
    issuers,
    admin,
    keyId,
    newKey,
    withKey,
    person,
    asPerson: async (externalId) => signedIn(app.url, await admin.createSession.mutate({ externalId })),
    async workspaceOf(workspace, ...people) {
      for (const externalId of people) await person(externalId);
      const { id } = await admin.upsertWorkspace.mutate({ externalId: workspace, name: workspace });
      const members = people.map((externalId, n) => ({ externalId, role: n === 0 ? 'Owner' : 'Member' }) as const);
      await admin.setMembers.mutate({ workspace, members, mode: 'add' });
      return id;
    },
    /** The invariants of any change apply to those of an app. */
    async [Symbol.asyncDispose]() {
      const broken = await brokenRules(app.database);
      await app[Symbol.asyncDispose]();
      await issuers[Symbol.asyncDispose]();
      if (Object.keys(broken).length > 0) throw new Error(`broken: ${JSON.stringify(broken)}`);
    },
  };
}
