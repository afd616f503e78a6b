import { createAdmin } from '@fechatter/client';
import { createFiles } from '@fechatter/client/files';
import { ServiceScope } from '@fechatter/contract';
import { createServiceKey } from '@fechatter/server';
import { photo, runFileChecks, workerDeps } from '@fechatter/worker/testing';
import { claimSteps } from './mutation-claims.ts';
import { type Person, world } from './world.ts';

type Named<R> = readonly [externalId: string, role: R];

const listed = <R>(members: readonly Named<R>[]) => members.map(([externalId, role]) => ({ externalId, role }));

export type MutationStage = Awaited<ReturnType<typeof mutationStage>>;

/** The people of the steps, and short forms of their calls; things are named, and `ids` has their ids. */
export async function mutationStage() {
  const scene = await world();
  const [alice, bob, carol] = [await scene.signUp('alice'), await scene.signUp('bob'), await scene.signUp('carol')];
  const [gina, dave] = [await scene.signUp('gina'), await scene.signUp('dave')];
  /** No client follows dave. */
  const people: readonly Person[] = [alice, bob, carol, gina];

  const ids: Record<string, string> = {};
  const idOf = (name: string) => ids[name] ?? '';
  const a = alice.client;
  const b = bob.client;
  const c = carol.client;
  const d = dave.client;
  const g = gina.client;
  /** Gina is a Guest, in some of the chats. */
  const setRole = (person: Person, role: 'Guest' | 'Member' | 'Admin') =>
    a.workspace.setRole.mutate({ workspaceId: idOf('home'), userId: person.id, role });
  const invited = { token: '' };
  const chatOf = async (
    name: string,
    creator: Person,
    chatType: 'Single' | 'Group' | 'PrivateChannel' | 'PublicChannel',
    ...members: Person[]
  ) => {
    const input = { name, chatType, workspaceId: idOf('home'), memberIds: members.map(({ id }) => id) };
    ids[name] = (await creator.client.chat.create.mutate(input)).id;
  };
  const send = async (name: string, sender: Person, chat: string) => {
    ids[name] = (await sender.client.message.send.mutate({ chatId: idOf(chat), content: name })).id;
  };
  const reply = async (name: string, sender: Person, chat: string, to: string) => {
    const input = { chatId: idOf(chat), content: name, threadId: idOf(to) };
    ids[name] = (await sender.client.message.send.mutate(input)).id;
  };
  const root = (chat: string, message: string) => ({ chatId: idOf(chat), rootId: idOf(message) });
  const mention = async (name: string, sender: Person, chat: string, content: string) => {
    ids[name] = (await sender.client.message.send.mutate({ chatId: idOf(chat), content })).id;
  };
  const ref = (chat: string, message: string) => ({ chatId: idOf(chat), messageId: idOf(message) });

  /** The picture is one already: no worker runs here. */
  const emoji = async (name: string) => {
    const { fileId } = await a.file.begin.mutate({ workspaceId: idOf('home'), name, size: 0 });
    await scene.database.query("update files set state = 'Ready', width = 1, height = 1 where id = $1", [fileId]);
    await a.emoji.create.mutate({ workspaceId: idOf('home'), name, fileId });
  };
  const worker = workerDeps({ database: scene.database, deps: scene.serverDeps });
  /** Everyone who sees the message receives `file.updated` for it. */
  const sendPicture = async () => {
    const content = Uint8Array.from(await photo(1));
    const { id } = await createFiles(c).upload({ chatId: idOf('group'), name: 'a picture', content });
    await c.message.send.mutate({ chatId: idOf('group'), content: '', fileIds: [id] });
    await runFileChecks(worker);
  };
  const reactTo = (message: string, name: string, how: 'react' | 'unreact' = 'react') =>
    a.message[how].mutate({ ...ref('private', message), emoji: `:${name}:` });

  const { key } = await createServiceKey(scene.serverDeps.db, {
    name: 'app',
    issuer: 'app',
    scopes: ServiceScope.options,
  });
  const app = createAdmin({ serverUrl: scene.serverUrl, serviceKey: key });
  for (const { id, name } of people)
    await scene.database.query(
      `insert into identities (id, user_id, issuer, subject) values (gen_random_uuid(), $1, 'app', $2)`,
      [id, name],
    );
  const atDesk = (...members: Named<'Guest' | 'Member' | 'Owner'>[]) =>
    app.setMembers.mutate({ workspace: 'desk', members: listed(members), mode: 'replace' });
  const ticket = (name: string, ...members: Named<'Member' | 'Admin' | 'Owner'>[]) => {
    const chat = { externalId: 'ticket', workspace: 'desk', name, chatType: 'Group' as const };
    return app.upsertChat.mutate({ ...chat, members: listed(members), mode: 'replace' });
  };

  return {
    scene,
    claims: claimSteps({ scene, alice, bob, idOf }),
    people,
    alice,
    bob,
    carol,
    gina,
    dave,
    ids,
    idOf,
    a,
    b,
    c,
    d,
    g,
    setRole,
    invited,
    chatOf,
    send,
    reply,
    root,
    mention,
    ref,
    emoji,
    sendPicture,
    stopWorker: () => worker.db.close(),
    reactTo,
    app,
    atDesk,
    ticket,
  };
}
