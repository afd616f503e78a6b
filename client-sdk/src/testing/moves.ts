import type { Chance } from '@fechatter/testing/chance';
import type { Store } from '../store/store.ts';
import type { Person } from './world.ts';

/** A person who acts at random and sees everything through a store. */
export interface Actor {
  readonly person: Person;
  readonly store: Store;
}

/** The scene of random actions; refusals are part of it. */
export interface Stage {
  readonly actors: readonly Actor[];
  readonly workspaceId: string;
  readonly inviteToken: string;
  readonly chance: Chance;
  /** Purges the beginning of a chat. */
  readonly purge: (chatId: string, throughNumber: number) => Promise<void>;
}

type Move = (actor: Actor, stage: Stage) => Promise<unknown> | undefined;

const aChat = ({ store }: Actor, { chance }: Stage) => chance.pickIfAny(store.chats.getSnapshot())?.id;
const aMessage = (actor: Actor, stage: Stage) => {
  const chatId = aChat(actor, stage);
  const history = chatId === undefined ? undefined : actor.store.messages(chatId);
  const message = stage.chance.pickIfAny(history?.getSnapshot().entries ?? [])?.message;
  return message && { chatId: message.chatId, messageId: message.id };
};
const someone = ({ chance, actors }: Stage) => chance.pickIfAny(actors)?.person.id ?? '';
const inChat =
  (move: (chatId: string, actor: Actor, stage: Stage) => Promise<unknown>): Move =>
  (actor, stage) => {
    const chatId = aChat(actor, stage);
    return chatId === undefined ? undefined : move(chatId, actor, stage);
  };
const word = ({ chance }: Stage) => `word ${chance.below(1_000)}`;
/** A text, sometimes with a mention of a person or of everyone. */
const text = (stage: Stage) => {
  const { chance } = stage;
  const to = chance.hits(0.3) ? ` <@${someone(stage)}>` : chance.hits(0.1) ? ' <!everyone>' : '';
  return `${word(stage)}${to}`;
};

const send = inChat((chatId, { store }, stage) => store.send(chatId, text(stage)).sent);
const reply: Move = (actor, stage) => {
  const ref = aMessage(actor, stage);
  return ref ? actor.store.send(ref.chatId, text(stage), ref.messageId).sent : undefined;
};
/** An action on a followed thread. */
const inThread =
  (move: (ref: { chatId: string; rootId: string }, actor: Actor, stage: Stage) => Promise<unknown>): Move =>
  (actor, stage) => {
    const root = stage.chance.pickIfAny(actor.store.threads(stage.workspaceId).getSnapshot() ?? [])?.root;
    return root ? move({ chatId: root.chatId, rootId: root.id }, actor, stage) : undefined;
  };
const removeReply = inThread((ref, { person, store }, { chance }) => {
  const replies = store.thread(ref.chatId, ref.rootId).getSnapshot().entries;
  const messageId = chance.pickIfAny(replies)?.message?.id ?? '';
  return person.client.message.delete.mutate({ chatId: ref.chatId, messageId });
});
const edit: Move = ({ person, store }, stage) => {
  const ref = aMessage({ person, store }, stage);
  return ref ? person.client.message.edit.mutate({ ...ref, content: text(stage) }) : undefined;
};
const remove: Move = (actor, stage) => {
  const ref = aMessage(actor, stage);
  return ref ? actor.person.client.message.delete.mutate(ref) : undefined;
};
const react: Move = ({ person, store }, stage) => {
  const ref = aMessage({ person, store }, stage);
  if (!ref) return undefined;
  const [emoji, isAdded] = [stage.chance.pickIfAny(['👍', '❤', '🎉']) ?? '👍', stage.chance.hits(0.6)];
  if (stage.chance.hits(0.5)) return person.client.message[isAdded ? 'react' : 'unreact'].mutate({ ...ref, emoji });
  return store[isAdded ? 'react' : 'unreact'](ref.chatId, ref.messageId, emoji);
};
const pin: Move = (actor, stage) => {
  const ref = aMessage(actor, stage);
  return ref ? actor.person.client.message[stage.chance.hits(0.6) ? 'pin' : 'unpin'].mutate(ref) : undefined;
};
const save: Move = (actor, stage) => {
  const ref = aMessage(actor, stage);
  return ref ? actor.person.client.message[stage.chance.hits(0.6) ? 'save' : 'unsave'].mutate(ref) : undefined;
};
const create: Move = ({ person }, { workspaceId, actors, chance }) => {
  const chatType = chance.pickIfAny(['Group', 'PublicChannel', 'PrivateChannel', 'Single'] as const) ?? 'Group';
  const others = actors.map((actor) => actor.person.id).filter((id) => id !== person.id);
  const memberIds = chatType === 'Single' ? others.slice(0, 1) : others.filter(() => chance.hits(0.5));
  return person.client.chat.create.mutate({ name: `chat ${chance.below(100)}`, chatType, workspaceId, memberIds });
};
const join: Move = async ({ person }, { workspaceId, chance }) => {
  const { channels } = await person.client.workspace.channels.query({ workspaceId });
  const channel = chance.pickIfAny(channels);
  return channel && person.client.chat.join.mutate({ chatId: channel.id });
};
const comeAndGo: Move = async ({ person }, { workspaceId, inviteToken, actors }) => {
  if (person.id === actors[0]?.person.id) return undefined;
  await person.client.workspace.leave.mutate({ workspaceId });
  return person.client.workspace.acceptInvite.mutate({ token: inviteToken });
};

/** An action that is listed more often is chosen more often. */
const moves: readonly Move[] = [
  ...Array.from({ length: 10 }, () => send),
  ...Array.from({ length: 6 }, () => reply),
  inThread(({ chatId, rootId }, { store }, stage) => store.send(chatId, word(stage), rootId).sent),
  inThread(({ chatId, rootId }, { store }, stage) => store.send(chatId, word(stage), rootId).sent),
  inThread(({ chatId, rootId }, { store }) => store.markThreadRead(chatId, rootId)),
  inThread(({ chatId, rootId }, { store }) => store.followThread(chatId, rootId, false)),
  inThread(({ chatId, rootId }, { store }) => store.thread(chatId, rootId).loadOlder()),
  removeReply,
  removeReply,
  (actor, stage) => {
    const ref = aMessage(actor, stage);
    return ref ? actor.store.followThread(ref.chatId, ref.messageId) : undefined;
  },
  edit,
  edit,
  remove,
  remove,
  react,
  react,
  react,
  react,
  react,
  pin,
  pin,
  save,
  save,
  create,
  create,
  join,
  join,
  comeAndGo,
  inChat((chatId, { store }, { chance, purge }) =>
    purge(chatId, chance.below(store.chat(chatId).getSnapshot()?.lastNumber ?? 1)),
  ),
  inChat((chatId, { person }) => person.client.chat.leave.mutate({ chatId })),
  inChat((chatId, { person }, stage) =>
    person.client.chat.addMembers.mutate({ chatId, userIds: [someone(stage), someone(stage)] }),
  ),
  inChat((chatId, { person }, stage) => person.client.chat.removeMember.mutate({ chatId, userId: someone(stage) })),
  inChat((chatId, { person }, stage) =>
    person.client.chat.setRole.mutate({ chatId, userId: someone(stage), role: 'Admin' }),
  ),
  inChat((chatId, { person }, stage) => person.client.chat.update.mutate({ chatId, name: word(stage) })),
  inChat((chatId, { person }, stage) =>
    person.client.chat.update.mutate({ chatId, topic: word(stage), whoPosts: 'All' }),
  ),
  inChat(async (chatId, { person }) => {
    await person.client.chat.archive.mutate({ chatId });
    await person.client.chat.unarchive.mutate({ chatId });
  }),
  inChat((chatId, { store }) => store.markRead(chatId)),
  inChat((chatId, { store }) => store.markRead(chatId)),
  (actor, stage) => {
    const ref = aMessage(actor, stage);
    return ref ? actor.store.markUnread(ref.chatId, ref.messageId) : undefined;
  },
  inChat((chatId, { person }, { chance }) =>
    person.client.chat.setNotifications.mutate({
      chatId,
      level: chance.pickIfAny(['All', 'Mentions', null]) ?? null,
      mutedForSeconds: chance.hits(0.5) ? 86_400 : null,
    }),
  ),
  ({ person }, stage) =>
    person.client.user[stage.chance.hits(0.5) ? 'block' : 'unblock'].mutate({ userId: someone(stage) }),
  ({ person }, { chance }) => person.client.user.setPreferences.mutate({ pushPreviews: chance.hits(0.5) }),
  inChat((chatId, { store }) => store.messages(chatId).loadOlder()),
  inChat((chatId, { store }) => store.messages(chatId).toNewest()),
  inChat((chatId, { person }, { chance }) =>
    chance.hits(0.2) ? person.client.chat.delete.mutate({ chatId }) : Promise.resolve(),
  ),
  ({ person }, stage) => person.client.user.update.mutate({ fullName: word(stage) }),
  ({ person }, stage) => person.client.workspace.update.mutate({ workspaceId: stage.workspaceId, name: word(stage) }),
];

/** One person acts. A refused or failed action has no effect. */
export async function moveByChance(stage: Stage): Promise<void> {
  const actor = stage.chance.pickIfAny(stage.actors);
  const move = stage.chance.pickIfAny(moves);
  if (actor === undefined || move === undefined) return;
  await move(actor, stage)?.catch(() => {});
}
