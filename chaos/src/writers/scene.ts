import type { ChatType } from '@fechatter/client';
import type { Store as ShownStore } from '@fechatter/client/store';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import type { Store } from '../system/store.ts';
import { letAppIn, type SceneApp } from './app-scene.ts';
import { type Person, signUp } from './people.ts';
import { type HostileMember, letIn } from './hostile-scene.ts';
import { mustSucceed, type CallTally } from './retry.ts';
import type { Backends } from './sdk-client.ts';

/** A chat as the harness knows it; its members may have changed. */
export interface SceneChat {
  readonly id: string;
  readonly chatType: ChatType;
  readonly workspaceId: string;
  readonly owner: Person;
  readonly members: Set<Person>;
  isDeleted: boolean;
}

export interface SceneWorkspace {
  readonly id: string;
  readonly owner: Person;
  readonly members: Set<Person>;
}

/** A message that was acknowledged, or whose sending never had a response. */
export interface SentMessage {
  readonly clientId: string;
  readonly chatId: string;
  /** The root that it replies to; undefined in the main timeline. */
  readonly threadId?: string | undefined;
  readonly quotedId?: string | undefined;
  readonly data?: string | undefined;
  readonly sender: Person;
  /** The acknowledgement; undefined: it is unknown whether the message exists. */
  acked?: { readonly id: string; readonly seq: number; readonly number: number };
  /** When it was acknowledged. */
  ackedAtMs?: number;
  readonly contents: Set<string>;
  /** Set for messages from an app's outbox, which sends one chat's messages in order. */
  readonly lane?: string;
  isDeleted: boolean;
}

/** A file whose upload was finished. */
export interface SceneFile {
  readonly id: string;
  readonly chatId: string;
  readonly size: number;
  readonly hash: string;
}

/** An app that sends through its store. */
export interface OutboxOwner {
  readonly person: Person;
  readonly store: ShownStore;
}

/** What the writers know of everything that happens in a run. */
export interface Scene {
  readonly people: readonly Person[];
  readonly suspended: Set<Person>;
  /** Guests of the first workspace; each shares chats with a few people and cannot see the rest. */
  readonly guests: Set<Person>;
  /** People who never leave anything, so that no missing delivery to them is excused. */
  readonly steady: ReadonlySet<Person>;
  readonly workspaces: readonly SceneWorkspace[];
  /** Hostile members of the first workspace; not in `people`. */
  readonly hostile: readonly HostileMember[];
  readonly chats: SceneChat[];
  readonly sent: SentMessage[];
  /** Chats made with a clientId, by it: each must exist once at most. */
  readonly chatClientIds: Map<string, string | undefined>;
  /** Single chats by workspace and pair: there is one of each. */
  readonly singles: Map<string, SceneChat>;
  /** By device. */
  readonly outboxes: Map<object, OutboxOwner>;
  /** Unfinished sends through stores, with their devices. */
  readonly underWay: Map<Promise<void>, object>;
  /** Messages whose ciphertext cannot be decrypted. */
  readonly tampered: Set<string>;
  /** Sessions that were ended on purpose. */
  readonly ended: Set<string>;
  /** People whose other devices are being signed out: none of them signs in meanwhile. */
  readonly signingOut: Set<Person>;
  /** People who were erased. */
  readonly erased: Set<string>;
  readonly accountMistakes: string[];
  readonly files: SceneFile[];
  /** Uploaded for emoji, and not made one yet. */
  readonly pictures: { readonly fileId: string; readonly workspaceId: string }[];
  readonly fileMistakes: string[];
  readonly backends: Backends;
  /** An unused name. */
  readonly newName: (kind: string) => string;
  readonly app: SceneApp;
  readonly tally: CallTally;
  readonly contradictions: string[];
}

export interface SceneSize {
  readonly people: number;
  readonly chats: number;
  readonly hostile: number;
}

/** The index, of every five people, of the Guest. */
const GUEST = 2;

/** Signs all people up, into two workspaces, and makes the first chats. */
export async function setScene(
  backends: Backends & { readonly store: Store },
  chance: Chance,
  tally: CallTally,
  size: SceneSize,
): Promise<Scene> {
  const people: Person[] = [];
  for (let at = 0; at < size.people; at += 4) {
    const names = Array.from({ length: Math.min(4, size.people - at) }, (_, i) => `person-${at + i}`);
    people.push(...(await Promise.all(names.map((name) => signUp(backends, chance.fork(), name)))));
  }
  const [first, second] = people;
  if (first === undefined || second === undefined) throw new Error('a scene needs two people');
  const workspaces = [
    await makeWorkspace(tally, first, people),
    await makeWorkspace(
      tally,
      second,
      people.filter((_, index) => index % 2 === 1),
    ),
  ];
  let named = 0;
  const scene: Scene = {
    people,
    suspended: new Set(),
    guests: new Set(people.filter((_, index) => index % 5 === GUEST)),
    steady: new Set(people.filter((_, index) => index % 5 < 3)),
    workspaces,
    hostile: await letIn(backends, chance, tally, workspaces[0], size.hostile),
    chats: [],
    sent: [],
    chatClientIds: new Map(),
    singles: new Map(),
    outboxes: new Map(),
    underWay: new Map(),
    tampered: new Set(),
    ended: new Set(),
    signingOut: new Set(),
    erased: new Set(),
    accountMistakes: [],
    files: [],
    pictures: [],
    fileMistakes: [],
    backends,
    newName: (kind) => `${kind}-${named++}`,
    app: await letAppIn(backends, chance.fork(), tally, people),
    tally,
    contradictions: [],
  };
  for (const person of people)
    person.client.onSessionEnded((reason) => {
      if (!scene.suspended.has(person)) scene.tally.internal.push(`the session of ${person.name} ended: ${reason}`);
    });
  for (const guest of scene.guests) await becomes(scene, workspaces[0], guest, 'Guest');
  for (let n = 0; n < size.chats; n++) {
    const workspace = workspaces[n % 4 === 3 ? 1 : 0];
    if (workspace !== undefined) await firstChat(scene, workspace, n, chance);
  }
  return scene;
}

/** Makes a workspace with all of these people; throws if a fault prevents it for too long. */
export async function makeWorkspace(
  tally: CallTally,
  owner: Person,
  members: readonly Person[],
): Promise<SceneWorkspace> {
  const call = <T>(path: string, work: () => Promise<T>) => mustSucceed(tally, path, work);
  const { id } = await call('workspace.create', () =>
    owner.client.workspace.create.mutate({ name: `of ${owner.name}` }),
  );
  const invited = members.filter((person) => person !== owner);
  const invite = { workspaceId: id, role: 'Member' as const, maxUses: invited.length };
  const { token } = await call('workspace.invite', () => owner.client.workspace.invite.mutate(invite));
  await Promise.all(
    invited.map(({ client }) => call('workspace.acceptInvite', () => client.workspace.acceptInvite.mutate({ token }))),
  );
  return { id, owner, members: new Set(members) };
}

async function becomes(
  { tally }: Scene,
  workspace: SceneWorkspace | undefined,
  { id: userId }: Person,
  role: 'Guest' | 'Member',
): Promise<void> {
  if (workspace === undefined) return;
  const change = { workspaceId: workspace.id, userId, role };
  await mustSucceed(tally, 'workspace.setRole', () => workspace.owner.client.workspace.setRole.mutate(change));
}

const types: readonly ChatType[] = ['PublicChannel', 'Group', 'PrivateChannel'];

async function firstChat(scene: Scene, workspace: SceneWorkspace, n: number, chance: Chance): Promise<void> {
  const chatType = types[n % types.length] ?? 'Group';
  const { owner } = workspace;
  const isGuest = (person: Person) => workspace === scene.workspaces[0] && scene.guests.has(person);
  const rest = shuffled([...workspace.members], chance).filter((person) => person !== owner && !isGuest(person));
  // Adds one Guest to each of the first chats after the one that has all others.
  const guest = [...scene.guests].slice(n - 1, n).filter(isGuest);
  const members = [...rest.slice(0, Math.ceil(rest.length * (n === 0 ? 1 : 0.6))), ...(n === 0 ? [] : guest)];
  const { id } = await owner.client.chat.create.mutate({
    name: `chat ${n}`,
    chatType,
    workspaceId: workspace.id,
    memberIds: members.map((person) => person.id),
  });
  scene.chats.push({
    id,
    chatType,
    workspaceId: workspace.id,
    owner,
    members: new Set([owner, ...members]),
    isDeleted: false,
  });
}
