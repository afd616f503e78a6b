import { setTimeout as wait } from 'node:timers/promises';
import { type Chance, shuffled } from '@fechatter/testing/chance';
import { able, call, live } from '../writers/choices.ts';
import type { Person } from '../writers/people.ts';
import { makeWorkspace, type Scene, type SceneChat } from '../writers/scene.ts';
import { send } from '../writers/sending.ts';
import { comeBack } from '../writers/workspace-moves.ts';
import type { Stage } from './faults.ts';

const PEOPLE = 6;
const CHATS = 3;
const CONCURRENCY = 4;

/** Makes and deletes a workspace while people send, join and leave in it. */
export async function deleteWorkspace({ scene }: Stage, chance: Chance, forMs: number): Promise<void> {
  const people = shuffled(able(scene), chance).slice(0, PEOPLE);
  const [owner, ...others] = people;
  if (owner === undefined) return;
  const workspace = await makeWorkspace(scene.tally, owner, people);
  const chats: SceneChat[] = [];
  for (let n = 0; n < CHATS; n++) {
    const chatType = n === 0 ? 'PublicChannel' : 'Group';
    const input = {
      name: 'not for long',
      chatType,
      workspaceId: workspace.id,
      memberIds: others.map(({ id }) => id),
    } as const;
    const made = await call(scene, 'chat.create', () => owner.client.chat.create.mutate(input));
    if (made === undefined) continue;
    chats.push({ id: made.id, chatType, workspaceId: workspace.id, owner, members: new Set(people), isDeleted: false });
  }
  if (chats.length === 0) return;
  const over = new AbortController();
  const keepTalking = async () => {
    while (!over.signal.aborted) await talk(scene, chance, chance.pick(chats), chance.pick(people));
  };
  const talking = Array.from({ length: CONCURRENCY }, keepTalking);
  await wait(forMs);
  await call(scene, 'workspace.delete', () => owner.client.workspace.delete.mutate({ workspaceId: workspace.id }));
  await wait(forMs / 4);
  over.abort();
  await Promise.all(talking);
}

async function talk(scene: Scene, chance: Chance, chat: SceneChat, person: Person): Promise<void> {
  const chatId = chat.id;
  await send(scene, chance, chat, person);
  if (person === chat.owner || !chance.hits(0.2)) return;
  await call(scene, 'chat.leave', () => person.client.chat.leave.mutate({ chatId }));
  await call(scene, 'chat.join', () => person.client.chat.join.mutate({ chatId }));
}

/** Removes people from a workspace while they join it, are added to chats and make chats in it; then they come back. */
export async function removeWhileJoining({ scene }: Stage, chance: Chance): Promise<boolean> {
  const workspace = chance.pick(scene.workspaces);
  const { id: workspaceId, owner } = workspace;
  const doomed = shuffled(
    able(scene).filter((person) => workspace.members.has(person) && person !== owner && !scene.steady.has(person)),
    chance,
  ).slice(0, 4);
  const chats = live(scene).filter((chat) => chat.workspaceId === workspaceId);
  await Promise.all(
    doomed.map(async (person) => {
      const chatOf = () => chance.pick(chats);
      const open = chats.filter(({ chatType }) => chatType === 'PublicChannel');
      const joined = open.length > 0 ? chance.pick(open) : chatOf();
      const acts = [
        () =>
          call(scene, 'workspace.removeMember', () =>
            owner.client.workspace.removeMember.mutate({ workspaceId, userId: person.id }),
          ),
        () => call(scene, 'chat.join', () => person.client.chat.join.mutate({ chatId: joined.id })),
        () => {
          const chat = chatOf();
          return call(scene, 'chat.addMembers', () =>
            chat.owner.client.chat.addMembers.mutate({ chatId: chat.id, userIds: [person.id] }),
          );
        },
        () => send(scene, chance, chatOf(), person),
      ];
      await Promise.all(shuffled(acts, chance).map((act) => act()));
    }),
  );
  for (const person of doomed) {
    for (const chat of chats) chat.members.delete(person);
    await comeBack(scene, workspace, person);
  }
  return doomed.length > 0;
}
