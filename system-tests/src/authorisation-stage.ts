import { randomUUID } from 'node:crypto';
import type { ChatType } from '@fechatter/contract';
import { suspendUser } from '@fechatter/server';
import type { Person, World } from './world.ts';

/** The callers, by their relation to the workspace and the chat. All but the first three are in the workspace. */
export const actors = [
  'anonymous',
  'suspended', // an Admin of both, whose account was closed
  'stranger', // has a workspace of their own
  'left', // was in both
  'outsider', // in the workspace, never in the chat
  'former', // was in the chat
  'wsAdmin', // Admin of the workspace, not in the chat
  'wsOwner', // Owner of the workspace, not in the chat
  'member',
  'admin',
  'owner', // of the chat; in the workspace a Member, as `member` and `admin` are
  'guest', // a Guest of the workspace, in the chat
  'guestOutside', // a Guest of the workspace, never in the chat
] as const;
export type Actor = (typeof actors)[number];
/** Targets of actions: one in both, and one only in the workspace. */
type Extra = 'dave' | 'spare';
export type People = Readonly<Record<Exclude<Actor, 'anonymous'> | Extra, Person>>;

/** A workspace with one chat, and everything that an input can name. */
export interface Stage {
  readonly people: People;
  readonly workspaceId: string;
  readonly chatId: string;
  /** A message by `dave`, and one by `member`. */
  readonly messageIds: { readonly dave: string; readonly member: string };
  /**
   * Of `member`: one that was not sent, and one of their message. Of `wsAdmin`: a picture that became no emoji yet, and that of the
   * emoji `old_parrot`.
   */
  readonly fileIds: {
    readonly unsent: string;
    readonly sent: string;
    readonly picture: string;
    readonly emoji: string;
  };
  readonly botId: string;
  readonly webhookId: string;
  readonly inviteId: string;
  readonly inviteToken: string;
}

/** Signs everyone up; the suspended person keeps the token from before. */
export async function cast(world: World): Promise<People> {
  const names = [...actors.filter((actor) => actor !== 'anonymous'), 'dave', 'spare'];
  const people: Person[] = [];
  for (const name of names) people.push(await world.signUp(name));
  const byName = Object.fromEntries(names.map((name, n) => [name, people[n]])) as People;
  await suspendUser(world.serverDeps, byName.suspended.id);
  await world.workspaceOf(byName.stranger);
  return byName;
}

/** Builds a new workspace with a chat of this type. */
export async function stageOf(world: World, people: People, chatType: ChatType): Promise<Stage> {
  const { former, wsAdmin, wsOwner, member, admin, owner, dave, guest } = people;
  // This many stages need more invitations than a person may make in a minute.
  await world.database.query('delete from rate_limits');
  const { id: workspaceId } = await wsOwner.client.workspace.create.mutate({ name: 'a workspace' });
  await enterWorkspace(world, people, workspaceId);
  const creator = chatType === 'Single' ? member : owner;
  const memberIds = chatType === 'Single' ? [dave.id] : [former, member, admin, dave, guest].map(({ id }) => id);
  const input = { name: 'a chat', chatType, workspaceId, memberIds };
  const { id: chatId } = await creator.client.chat.create.mutate(input);
  await enterChat(world, people, chatId);
  const send = (person: Person) => person.client.message.send.mutate({ chatId, content: `by ${person.name}` });
  const [daves, members, invite] = await Promise.all([
    send(dave),
    send(member),
    wsOwner.client.workspace.invite.mutate({ workspaceId, role: 'Member', maxUses: 10 }),
  ]);
  const messageIds = { dave: daves.id, member: members.id };
  const fileIds = {
    ...(await withFiles(world, { workspaceId, chatId, uploaderId: member.id, messageId: members.id })),
    ...(await withEmoji(world, workspaceId, wsAdmin.id)),
  };
  const { bot } = await wsOwner.client.bot.create.mutate({ workspaceId, name: 'bot', scopes: ['read'] });
  const made = await wsOwner.client.webhook.create.mutate({
    botId: bot.id,
    url: 'https://example.com/hook',
    kinds: ['message.created'],
  });
  const webhookId = made.webhook.id;
  const about = { people, workspaceId, chatId, messageIds, fileIds, botId: bot.id, webhookId };
  return { ...about, inviteId: invite.id, inviteToken: invite.token };
}

// There are hundreds of stages, so memberships are inserted directly. Other tests show that the procedures create them
// like this.

async function enterWorkspace({ database }: World, people: People, workspaceId: string): Promise<void> {
  const { suspended, left, outsider, former, wsAdmin, member, admin, owner, dave, spare, guest, guestOutside } = people;
  const members = [outsider, former, member, admin, owner, dave, spare, left].map(({ id }) => id);
  const guests = [guest.id, guestOutside.id];
  await database.query(
    `insert into workspace_members (workspace_id, user_id, role, joined_seq, left_seq)
     select $1::uuid, id, case when id = any ($3::uuid[]) then 'Admin' when id = any ($5::uuid[]) then 'Guest' else 'Member' end::role, 1, case when id = $4 then 1 end
     from unnest($2::uuid[]) id`,
    [workspaceId, [...members, ...guests, wsAdmin.id, suspended.id], [wsAdmin.id, suspended.id], left.id, guests],
  );
}

async function enterChat({ database }: World, people: People, chatId: string): Promise<void> {
  const { suspended, left, former, admin } = people;
  await database.query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, left_seq, last_read_seq, last_read_number)
     values ($1, $2, 'Admin', 1, null, 1, 0), ($1, $3, 'Member', 1, 1, 1, 0)`,
    [chatId, suspended.id, left.id],
  );
  await database.query(`update chat_members set role = 'Admin' where chat_id = $1 and user_id = $2`, [
    chatId,
    admin.id,
  ]);
  await database.query(`update chat_members set left_seq = 1 where chat_id = $1 and user_id = $2`, [chatId, former.id]);
}

async function withFiles(
  { database }: World,
  of: { workspaceId: string; chatId: string; uploaderId: string; messageId: string },
): Promise<Pick<Stage['fileIds'], 'unsent' | 'sent'>> {
  const [unsent, sent] = [randomUUID(), randomUUID()];
  // Those of stages before would count among what a person has not sent.
  await database.query(
    'delete from files f using workspaces w where w.id = f.workspace_id and w.deleted_at is not null and f.message_id is null',
  );
  await database.query(
    `insert into files (id, workspace_id, chat_id, uploader_id, state, size_bytes, mime, message_id, place, expires_at)
     values ($1, $3, $4, $5, 'Ready', 0, 'text/plain', null, null, now() + interval '1 day'),
       ($2, $3, $4, $5, 'Ready', 0, 'text/plain', $6, 1, null)`,
    [unsent, sent, of.workspaceId, of.chatId, of.uploaderId, of.messageId],
  );
  return { unsent, sent };
}

async function withEmoji(
  { database }: World,
  workspaceId: string,
  adminId: string,
): Promise<Pick<Stage['fileIds'], 'picture' | 'emoji'>> {
  const [picture, emoji] = [randomUUID(), randomUUID()];
  await database.query(
    `insert into files (id, workspace_id, uploader_id, state, size_bytes, mime, width, height, expires_at)
     values ($1, $3, $4, 'Ready', 0, 'image/webp', 1, 1, now() + interval '1 day'), ($2, $3, $4, 'Ready', 0, 'image/webp', 1, 1, null)`,
    [picture, emoji, workspaceId, adminId],
  );
  await database.query('insert into emoji (workspace_id, name, file_id, created_by) values ($1, $2, $3, $4)', [
    workspaceId,
    'old_parrot',
    emoji,
    adminId,
  ]);
  return { picture, emoji };
}
