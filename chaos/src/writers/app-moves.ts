import { v7 as uuidv7 } from 'uuid';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import { able, call, type Move } from './choices.ts';
import { untilOver } from './account-moves.ts';
import type { Person } from './people.ts';
import type { Scene, SceneChat, SentMessage } from './scene.ts';
import { hoppingClient } from './sdk-client.ts';

const CHATS = 3;

const ablePeople = (scene: Scene) => scene.app.people.filter((person) => able(scene).includes(person));

/** The app renames a person or its workspace. */
export const appRenames: Move = async (scene, chance) => {
  const { admin, workspace } = scene.app;
  const { name: externalId } = chance.pick(scene.app.people);
  const fullName = `${externalId} the ${chance.below(100)}th`;
  const rename = { externalId: workspace, name: `Desk ${chance.below(1_000)}` };
  if (chance.hits(0.6)) await call(scene, 'admin.upsertUser', () => admin.upsertUser.mutate({ externalId, fullName }));
  else await call(scene, 'admin.upsertWorkspace', () => admin.upsertWorkspace.mutate(rename));
};

/** The app sets who is in its workspace, some of them as Guests. */
export const appSetsMembers: Move = async (scene, chance) => {
  const { admin, workspace, owner, people, customers } = scene.app;
  const others = people.filter((person) => person !== owner && (scene.steady.has(person) || chance.hits(0.7)));
  const members = others.map((person) => ({
    externalId: person.name,
    role: !scene.steady.has(person) && chance.hits(0.3) ? ('Guest' as const) : ('Member' as const),
  }));
  const served = [...customers].map((externalId) => ({ externalId, role: 'Guest' as const }));
  const all = [{ externalId: owner.name, role: 'Owner' as const }, ...members, ...served];
  const mode = chance.hits(0.6) ? 'replace' : 'add';
  await call(scene, 'admin.setMembers', () => admin.setMembers.mutate({ workspace, members: all, mode }));
};

/** Brings all people back into the app's workspace: those who were away receive the current names of the others. */
export async function appBringsAllBack(scene: Scene): Promise<void> {
  const { admin, workspace, owner, people } = scene.app;
  const others = people.filter((person) => person !== owner && !scene.suspended.has(person));
  const members = others.map(({ name }) => ({ externalId: name, role: 'Member' as const }));
  await call(scene, 'admin.setMembers', () => admin.setMembers.mutate({ workspace, members, mode: 'add' }));
}

/** The app makes a chat, or changes who is in it. */
export const appSetsChat: Move = async (scene, chance) => {
  const externalId = `ticket-${chance.below(CHATS)}`;
  const { owner } = scene.app;
  const others = shuffled(
    scene.app.people.filter((person) => person !== owner),
    chance,
  ).slice(0, 1 + chance.below(4));
  await setChat(scene, externalId, [owner, ...others], chance.hits(0.6) ? 'replace' : 'add');
};

/** The app sends as one of its people, once per clientId. */
export const appSends: Move = async (scene, chance) => {
  const found = chance.pickIfAny([...scene.app.chats.entries()]);
  const sender = chance.pickIfAny(ablePeople(scene));
  if (found === undefined || sender === undefined) return;
  await sendAs(scene, chance, found[0], found[1], sender);
};

/** What {@link appServesCustomer} calls. */
export const customerPaths = [
  'admin.upsertUser',
  'admin.setMembers',
  'admin.createSession',
  'admin.upsertChat',
  'admin.sendMessage',
  'admin.suspendUser',
  'admin.reactivateUser',
  'admin.eraseUser',
] as const;

/**
 * The app has a customer: it makes the person, a workspace membership, a chat and a session, sends as them, suspends them,
 * ends the suspension, and erases them.
 */
export const appServesCustomer: Move = async (scene, chance) => {
  const { admin, workspace, owner } = scene.app;
  const externalId = scene.newName('customer');
  const made = await call(scene, 'admin.upsertUser', () =>
    admin.upsertUser.mutate({ externalId, fullName: externalId }),
  );
  if (made === undefined) return;
  scene.app.customers.add(externalId);
  const members = [{ externalId, role: 'Guest' as const }];
  await call(scene, 'admin.setMembers', () => admin.setMembers.mutate({ workspace, members, mode: 'add' }));
  const session = await call(scene, 'admin.createSession', () => admin.createSession.mutate({ externalId }));
  if (session === undefined) return;
  const client = hoppingClient(scene.backends, chance.fork());
  await client.adopt(session);
  const customer: Person = { id: made.id, name: externalId, email: '', client };
  const chat = await setChat(scene, `of ${externalId}`, [owner, customer], 'add');
  if (chat !== undefined) {
    const message = await sendAs(scene, chance, `of ${externalId}`, chat, customer);
    if (message !== undefined) message.isDeleted = true;
    scene.app.chats.delete(`of ${externalId}`);
  }
  const suspended = await call(scene, 'admin.suspendUser', () => admin.suspendUser.mutate({ externalId }));
  if (suspended !== undefined) await untilOver(scene, client, `${externalId}, who was suspended,`);
  await call(scene, 'admin.reactivateUser', () => admin.reactivateUser.mutate({ externalId }));
  await call(scene, 'admin.eraseUser', () => admin.eraseUser.mutate({ externalId }));
  scene.app.customers.delete(externalId);
};

async function setChat(
  scene: Scene,
  externalId: string,
  people: readonly Person[],
  mode: 'add' | 'replace',
): Promise<SceneChat | undefined> {
  const { app } = scene;
  const members = people.map((person) => ({
    externalId: person.name,
    role: person === app.owner ? ('Owner' as const) : ('Member' as const),
  }));
  const input = { externalId, workspace: app.workspace, name: externalId, chatType: 'Group' as const, members, mode };
  const made = await call(scene, 'admin.upsertChat', () => app.admin.upsertChat.mutate(input));
  if (made === undefined) return app.chats.get(externalId);
  const known = app.chats.get(externalId);
  if (known !== undefined && known.id !== made.id)
    scene.contradictions.push(`the chat ${externalId} is ${known.id} and ${made.id}`);
  const chat: SceneChat = known ?? {
    id: made.id,
    chatType: 'Group',
    workspaceId: app.workspaceId,
    owner: app.owner,
    members: new Set(),
    isDeleted: false,
  };
  if (mode === 'replace') chat.members.clear();
  for (const person of people) chat.members.add(person);
  app.chats.set(externalId, chat);
  return chat;
}

async function sendAs(
  scene: Scene,
  chance: Chance,
  externalId: string,
  { id: chatId }: SceneChat,
  sender: Person,
): Promise<SentMessage | undefined> {
  const clientId = uuidv7();
  const content = `chaos ${clientId} by the app`;
  const data = chance.hits(0.3) ? '{"ticket":1}' : undefined;
  const message: SentMessage = {
    clientId,
    chatId,
    data,
    sender,
    contents: new Set([content]),
    isDeleted: false,
  };
  scene.sent.push(message);
  const input = { as: sender.name, chat: externalId, content, clientId, ...(data !== undefined && { data }) };
  for (let again = chance.hits(0.1) ? 2 : 1; again > 0; again--) {
    const sent = await call(scene, 'admin.sendMessage', () => scene.app.admin.sendMessage.mutate(input));
    if (sent === undefined) continue;
    const { id, seq, number } = sent;
    message.ackedAtMs ??= performance.now();
    message.acked ??= { id, seq, number };
    if (message.acked.id !== id) scene.contradictions.push(`${clientId} of the app is ${message.acked.id} and ${id}`);
  }
  return message;
}
