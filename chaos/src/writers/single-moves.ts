import { able, call, meeting, type Move } from './choices.ts';
import { send } from './sending.ts';

/** Two people open their Single chat: it is the same one, however often and by whichever of them it is made. */
export const talkAlone: Move = async (scene, chance) => {
  const workspace = chance.pick(scene.workspaces);
  const inside = meeting(scene, chance, able(scene)).filter((person) => workspace.members.has(person));
  if (inside.length === 0) return;
  const [one, other] = [chance.pick(inside), chance.pick(inside)];
  if (one === other) return;
  const key = [workspace.id, ...[one.id, other.id].sort()].join(' ');
  let chat = scene.singles.get(key);
  if (chat === undefined || chance.hits(0.2)) {
    const input = { name: 'two', chatType: 'Single' as const, workspaceId: workspace.id, memberIds: [other.id] };
    const made = await call(scene, 'chat.create', () => one.client.chat.create.mutate(input));
    if (made === undefined) return;
    chat = scene.singles.get(key);
    if (chat !== undefined && chat.id !== made.id)
      scene.contradictions.push(`the Single chat of ${key} is ${chat.id} and ${made.id}`);
    chat ??= {
      id: made.id,
      chatType: 'Single',
      workspaceId: workspace.id,
      owner: one,
      members: new Set([one, other]),
      isDeleted: false,
    };
    scene.singles.set(key, chat);
  }
  await send(scene, chance, chat, one);
  if (chance.hits(0.3)) {
    const { id } = chat;
    await call(scene, 'chat.markRead', () => other.client.chat.markRead.mutate({ chatId: id, seq: 1_000_000 }));
  }
};
