import { openDatabase } from '@fechatter/drizzle';
import { importStream, type ImportStream } from '@fechatter/importer';
import { joinClaimedChats } from '@fechatter/server/claims';
import type { Person, World } from './world.ts';

interface Stage {
  readonly scene: World;
  readonly alice: Person;
  readonly bob: Person;
  readonly idOf: (name: string) => string;
}

/** What happens to a placeholder of an import: alice was there, and so was bob, who had not verified his address. */
export function claimSteps({ scene, alice, bob, idOf }: Stage) {
  const [a, b] = [alice.client, bob.client];
  const verified = (person: Person) =>
    scene.database.query('update users set email_verified_at = now() where id = $1', [person.id]);
  const asOperator = async (work: (db: ReturnType<typeof openDatabase>) => Promise<unknown>): Promise<void> => {
    const db = openDatabase({ ...scene.database, statementTimeoutMs: 0 });
    try {
      await work(db);
    } finally {
      await db.close();
    }
  };
  const claimable = async () => {
    const { claims } = await b.workspace.claims.query({ workspaceId: idOf('home') });
    return { workspaceId: idOf('home'), userId: claims[0]?.placeholder.id ?? '' };
  };
  const { notifier, cipher } = scene.serverDeps;
  return {
    async importAndClaim(): Promise<void> {
      await verified(alice);
      await asOperator((db) =>
        importStream(history(alice, bob), { db, notifier, cipher, workspaceId: idOf('home'), source: 'test' }),
      );
      await verified(bob);
      await b.workspace.claim.mutate(await claimable());
    },
    confirmClaim: async () =>
      a.workspace.decideClaim.mutate({ ...(await claimable()), claimantId: bob.id, isConfirmed: true }),
    joinChats: () => asOperator((db) => joinClaimedChats({ db, notifier }, AbortSignal.timeout(30_000))),
  };
}

async function* history(...people: readonly Person[]): ImportStream {
  for (const { email } of people) yield { type: 'person', key: email, name: 'as it was', email };
  const members = people.map(({ email }) => ({ person: email }));
  const sender = people.at(-1)?.email ?? '';
  const said = { type: 'message', sender, reactions: [{ emoji: '👍', people: [sender] }] } as const;
  for (const [chat, chatType] of [
    ['old', 'PrivateChannel'],
    ['old direct', 'Single'],
  ] as const) {
    yield { type: 'chat', key: chat, name: chat, chatType, members };
    yield { ...said, chat, key: '1', atUs: Date.UTC(2020, 1) * 1_000, text: ['long ago'] };
    yield { ...said, chat, key: '2', atUs: Date.UTC(2020, 2) * 1_000, text: ['a reply'], thread: '1' };
  }
}
