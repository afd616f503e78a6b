import type { Chat, Workspace } from '@fechatter/contract';
import type { Person } from './person.ts';

export type InWorkspace<Name extends string> = Readonly<Record<Name, Person>> & { readonly workspace: Workspace };
export type InChat<Name extends string> = InWorkspace<Name> & { readonly chat: Chat };
type SignUp = (name: string) => Promise<Person>;

/** The first owns a new workspace, the others accept an invite. */
export async function workspaceOf<Name extends string>(signUp: SignUp, names: Name[]): Promise<InWorkspace<Name>> {
  const people: Person[] = [];
  for (const name of names) people.push(await signUp(name));
  const [owner, ...others] = people;
  if (owner === undefined) throw new Error('a workspace has an owner');
  const workspace = await owner.trpc.workspace.create.mutate({ name: 'a workspace' });
  if (others.length > 0) {
    const maxUses = others.length;
    const { token } = await owner.trpc.workspace.invite.mutate({ workspaceId: workspace.id, role: 'Member', maxUses });
    // One after the other, so that the order of names is the order of joining.
    for (const other of others) await other.trpc.workspace.acceptInvite.mutate({ token });
  }
  return { ...byName(names, people), workspace };
}

/** A Group of them all, in a workspace of them all. */
export async function chatOf<Name extends string>(signUp: SignUp, names: Name[]): Promise<InChat<Name>> {
  const world = await workspaceOf(signUp, names);
  const people: Readonly<Record<string, Person>> = world;
  const [owner, ...others] = names.map((name) => people[name]);
  if (owner === undefined) throw new Error('a chat has an owner');
  const chat = await owner.trpc.chat.create.mutate({
    name: 'a chat',
    chatType: 'Group',
    workspaceId: world.workspace.id,
    memberIds: others.flatMap((other) => other?.id ?? []),
  });
  return { ...world, chat };
}

/** As many people as names, in the same order. */
const byName = <Name extends string>(names: readonly Name[], people: readonly Person[]) =>
  Object.fromEntries(names.map((name, index) => [name, people[index]])) as Record<Name, Person>;
