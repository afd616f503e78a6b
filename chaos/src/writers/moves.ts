import { v7 as uuidv7 } from 'uuid';
import type { ChatRole } from '@fechatter/client';
import { shuffled } from '@fechatter/testing/chance';
import { accountPaths, liveAndBeErased, renameDevice } from './account-moves.ts';
import { appRenames, appSends, appServesCustomer, appSetsChat, appSetsMembers, customerPaths } from './app-moves.ts';
import { able, call, live, meeting, type Move, sentIn, someChat, someoneIn } from './choices.ts';
import { downloadFile, giveUpUpload, sendFile } from './file-moves.ts';
import { pin, save } from './keeping-moves.ts';
import type { Person } from './people.ts';
import { keepEmoji, reactWithEmoji, sendPicture } from './picture-moves.ts';
import type { Scene, SceneChat } from './scene.ts';
import { blockForAMoment, choose } from './preference-moves.ts';
import { send } from './sending.ts';
import { talkAlone } from './single-moves.ts';
import { setActivity, setStatus } from './status-moves.ts';
import { reactFromStore, sendFromStore } from './store-moves.ts';
import { deleteReply, deleteRoot, follow, markThreadRead, reply } from './thread-moves.ts';
import { changeGuest, changeProfile, goAndReturn, keepWorkspace } from './workspace-moves.ts';

const roles: readonly ChatRole[] = ['Member', 'Admin', 'Owner'];

/** Sends a message, which may quote another or reply to one. */
export const sendOne: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  await send(scene, chance, chat, someoneIn(scene, chance, chat));
};

const edit: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  if (message?.acked === undefined) return;
  const { sender, chatId, acked, contents, clientId } = message;
  const to = chance.hits(0.2) ? ` <@${chance.pick(able(scene)).id}>` : '';
  const content = `chaos ${clientId} edited ${chance.below(1_000_000)}${to}`;
  contents.add(content);
  await call(scene, 'message.edit', () => sender.client.message.edit.mutate({ chatId, messageId: acked.id, content }));
};

const erase: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  if (message?.acked === undefined) return;
  const { sender, chatId, acked } = message;
  message.isDeleted = true;
  await call(scene, 'message.delete', () => sender.client.message.delete.mutate({ chatId, messageId: acked.id }));
};

const EMOJI = ['👍', '❤', '🎉', '👀'];

const react: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = someoneIn(scene, chance, chat);
  const verb = chance.hits(0.7) ? 'react' : 'unreact';
  const input = { chatId: chat.id, messageId: message.acked.id, emoji: chance.pick(EMOJI) };
  await call(scene, `message.${verb}`, () => client.message[verb].mutate(input));
};

const markRead: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const { client } = someoneIn(scene, chance, chat);
  const seq = 1 + chance.below(2_000);
  await call(scene, 'chat.markRead', () => client.chat.markRead.mutate({ chatId: chat.id, seq }));
};

const setTyping: Move = async (scene, chance) => {
  const chat = someChat(scene, chance);
  const { client } = someoneIn(scene, chance, chat);
  const isTyping = chance.hits(0.8);
  await call(scene, 'chat.setTyping', () => client.chat.setTyping.mutate({ chatId: chat.id, isTyping }));
};

const markUnread: Move = async (scene, chance) => {
  const message = sentIn(scene, chance);
  const chat = scene.chats.find(({ id }) => id === message?.chatId);
  if (message?.acked === undefined || chat === undefined) return;
  const { client } = someoneIn(scene, chance, chat);
  const ref = { chatId: chat.id, messageId: message.acked.id };
  await call(scene, 'chat.markUnread', () => client.chat.markUnread.mutate(ref));
};

const join: Move = async (scene, chance) => {
  const open = live(scene).filter(({ chatType }) => chatType === 'PublicChannel');
  if (open.length === 0) return;
  const chat = chance.pick(open);
  const person = chance.pick(able(scene));
  if ((await call(scene, 'chat.join', () => person.client.chat.join.mutate({ chatId: chat.id }))) !== undefined)
    chat.members.add(person);
};

const leave: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const person = someoneIn(scene, chance, chat);
  if (person === chat.owner || scene.steady.has(person)) return;
  chat.members.delete(person);
  await call(scene, 'chat.leave', () => person.client.chat.leave.mutate({ chatId: chat.id }));
};

const removeMember: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const person = someoneIn(scene, chance, chat);
  if (person === chat.owner || scene.steady.has(person)) return;
  chat.members.delete(person);
  await removeFrom(scene, chat, person);
};

/** The chat's owner removes someone from it. */
export async function removeFrom(scene: Scene, chat: SceneChat, person: Person): Promise<void> {
  await call(scene, 'chat.removeMember', () =>
    chat.owner.client.chat.removeMember.mutate({ chatId: chat.id, userId: person.id }),
  );
}

const addMembers: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const outside = meeting(scene, chance, able(scene)).filter((person) => !chat.members.has(person));
  const added = shuffled(outside, chance).slice(0, 1 + chance.below(3));
  if (added.length === 0) return;
  const userIds = added.map(({ id }) => id);
  const done = await call(scene, 'chat.addMembers', () =>
    chat.owner.client.chat.addMembers.mutate({ chatId: chat.id, userIds }),
  );
  if (done !== undefined) for (const person of added) chat.members.add(person);
};

const setRole: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const person = someoneIn(scene, chance, chat);
  if (person === chat.owner) return;
  const change = { chatId: chat.id, userId: person.id, role: chance.pick(roles) };
  await call(scene, 'chat.setRole', () => chat.owner.client.chat.setRole.mutate(change));
};

const rename: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const name = `named ${chance.below(1_000_000)}`;
  await call(scene, 'chat.update', () => chat.owner.client.chat.update.mutate({ chatId: chat.id, name }));
};

const setTopic: Move = async (scene, chance) => {
  const chat = chance.pick(live(scene));
  const topic = chance.hits(0.3) ? null : `about ${chance.below(1_000_000)}`;
  await call(scene, 'chat.update', () => chat.owner.client.chat.update.mutate({ chatId: chat.id, topic }));
};

/** For a moment only: otherwise every action of the others there would be refused. */
const archive: Move = async (scene, chance) => {
  const { id: chatId, owner } = chance.pick(live(scene));
  await call(scene, 'chat.archive', () => owner.client.chat.archive.mutate({ chatId }));
  await call(scene, 'chat.unarchive', () => owner.client.chat.unarchive.mutate({ chatId }));
};

const createChat: Move = async (scene, chance) => {
  const workspace = chance.pick(scene.workspaces);
  const owner = chance.hits(0.7) ? workspace.owner : someoneIn(scene, chance, workspace);
  const asked = meeting(scene, chance, [...workspace.members]);
  const members = shuffled([...asked], chance).slice(0, 2 + chance.below(workspace.members.size));
  const chatType = chance.pick(['Group', 'PrivateChannel', 'PublicChannel'] as const);
  const clientId = uuidv7();
  scene.chatClientIds.set(clientId, undefined);
  const memberIds = members.filter((person) => person !== owner).map(({ id }) => id);
  const input = { name: 'another', chatType, workspaceId: workspace.id, memberIds, clientId };
  const chat = await call(scene, 'chat.create', () => owner.client.chat.create.mutate(input));
  if (chat === undefined) return;
  scene.chatClientIds.set(clientId, chat.id);
  scene.chats.push({
    id: chat.id,
    chatType,
    workspaceId: workspace.id,
    owner,
    members: new Set([owner, ...members]),
    isDeleted: false,
  });
};

const deleteChat: Move = async (scene, chance) => {
  const spare = live(scene).slice(4);
  if (spare.length < 4) return;
  const chat = chance.pick(spare);
  chat.isDeleted = true;
  await call(scene, 'chat.delete', () => chat.owner.client.chat.delete.mutate({ chatId: chat.id }));
};

/** Lets only Admins post, for a moment. */
const closeForAMoment: Move = async (scene, chance) => {
  const { id: chatId, owner } = chance.pick(live(scene));
  for (const whoPosts of ['Admins', 'All'] as const)
    await call(scene, 'chat.update', () => owner.client.chat.update.mutate({ chatId, whoPosts }));
};

/** What people do, how often (relative weights), and the mutations that each move calls. */
export const moves: readonly (readonly [weight: number, move: Move, ...paths: string[]])[] = [
  [140, sendOne, 'message.send'],
  [50, reply, 'message.send'],
  [6, follow, 'thread.follow', 'thread.unfollow'],
  [8, markThreadRead, 'thread.markRead'],
  [6, deleteReply, 'message.delete'],
  [2, deleteRoot, 'message.delete'],
  [16, edit, 'message.edit'],
  [6, erase, 'message.delete'],
  [30, react, 'message.react', 'message.unreact'],
  [6, pin, 'message.pin', 'message.unpin'],
  [6, save, 'message.save', 'message.unsave'],
  [12, markRead, 'chat.markRead'],
  [12, setTyping, 'chat.setTyping'],
  [3, markUnread, 'chat.markUnread'],
  [3, choose, 'chat.setNotifications', 'user.setPreferences'],
  [2, blockForAMoment, 'user.block', 'user.unblock'],
  [4, setStatus, 'user.setStatus'],
  [4, setActivity, 'user.setActivity'],
  [3, sendFile, 'file.begin', 'file.finish', 'message.send'],
  [2, sendPicture, 'file.begin', 'file.finish', 'message.send'],
  [3, keepEmoji, 'emoji.create', 'emoji.delete'],
  [3, reactWithEmoji, 'message.react', 'message.unreact'],
  [1, giveUpUpload, 'file.begin', 'file.cancel'],
  [4, downloadFile, 'file.ticket'],
  [7, join, 'chat.join'],
  [6, leave, 'chat.leave'],
  [7, removeMember, 'chat.removeMember'],
  [9, addMembers, 'chat.addMembers'],
  [4, setRole, 'chat.setRole'],
  [2, rename, 'chat.update'],
  [2, setTopic, 'chat.update'],
  [1, closeForAMoment, 'chat.update'],
  [1, archive, 'chat.archive', 'chat.unarchive'],
  [2, createChat, 'chat.create'],
  [1, deleteChat, 'chat.delete'],
  [1, keepWorkspace, 'workspace.update', 'workspace.invite', 'workspace.revokeInvite'],
  [2, goAndReturn, 'workspace.leave', 'workspace.removeMember', 'workspace.invite', 'workspace.acceptInvite'],
  [4, changeProfile, 'user.update'],
  [1, changeGuest, 'workspace.setRole'],
  [10, talkAlone, 'chat.create', 'message.send', 'chat.markRead'],
  [8, sendFromStore],
  [6, reactFromStore],
  [1, renameDevice, 'auth.renameSession'],
  [1, liveAndBeErased, ...accountPaths],
  [2, appRenames, 'admin.upsertUser', 'admin.upsertWorkspace'],
  [2, appSetsMembers, 'admin.setMembers'],
  [3, appSetsChat, 'admin.upsertChat'],
  [6, appSends, 'admin.sendMessage'],
  [1, appServesCustomer, ...customerPaths],
];
