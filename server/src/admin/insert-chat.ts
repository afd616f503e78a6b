import type { ChatRole, ChatType, Role } from '@fechatter/contract';
import { sql } from '@fechatter/drizzle';
import { type Config, refuse } from '@fechatter/service-kit';
import type { Change } from '../change/change.ts';
import { insertOrFind } from '../chat/new-chat.ts';
import { requestMac } from '../chat/request-mac.ts';
import type { ServiceKey } from '../identity/service-keys.ts';
import { checkChats } from '../limits/quotas.ts';
import { openMemberships } from '../membership/chat-memberships.ts';
import { lockedForApp, ownerless, setRole } from './set-chat-members.ts';

/** A chat that an app wants; its workspace’s head is locked, and its people are held there. */
interface NewChat {
  readonly serviceKey: ServiceKey;
  readonly externalId: string;
  readonly workspaceId: string;
  readonly chatType: ChatType;
  readonly name: string;
  readonly roles: ReadonlyMap<string, ChatRole>;
  readonly held: ReadonlyMap<string, Role>;
}

/** Creates the chat, as its first Owner would; of a Single chat that the two have already, this is that one. */
export async function insertChat(change: Change, config: Config<'server'>, wanted: NewChat): Promise<string> {
  const { serviceKey, externalId, workspaceId, chatType, name, roles } = wanted;
  const creatorId = creatorOf(wanted);
  const others = [...roles.keys()].filter((userId) => userId !== creatorId);
  await checkChats(change.tx, workspaceId, config.limits);
  const asked = { workspaceId, chatType, name, creatorId, others };
  const chat = await insertOrFind(change, { ...asked, requestMac: requestMac(config.auth, asked) });
  if (!chat.isNew) {
    await change.lockChats([chat.id]);
    await openMemberships(change, chat.id, chat.pair);
  } else if (chatType === 'Single') await mustNotBlock(change, [...roles.keys()]);
  else {
    const locked = lockedForApp(change, chat.id, wanted);
    for (const userId of others) await setRole(locked, userId, roles.get(userId) ?? 'Member', 'Member');
  }
  await change.tx.execute(sql`
    insert into external_chats (issuer, external_id, chat_id) values (${serviceKey.issuer}, ${externalId}, ${chat.id})
    on conflict (issuer, external_id) do update set chat_id = excluded.chat_id`);
  return chat.id;
}

/** No app begins a Single chat for two people of whom one blocks the other. */
async function mustNotBlock({ tx }: Change, pair: readonly string[]): Promise<void> {
  const ids = sql.param([...pair]);
  const { rows } = await tx.execute(
    sql`select 1 from blocks where user_id = any (${ids}::uuid[]) and blocked_id = any (${ids}::uuid[]) limit 1`,
  );
  if (rows.length > 0) throw refuse('blocked');
}

/** An Owner, or of a Single chat a person who may create chats. */
function creatorOf({ chatType, roles, held }: NewChat): string {
  const mayCreate = (userId: string) => held.get(userId) !== 'Guest';
  if (chatType === 'Single') {
    if (roles.size !== 2)
      throw refuse('invalid_input', {
        issues: [{ path: ['members'], message: 'A Single chat has exactly two members', code: 'custom' }],
      });
    const creator = [...roles.keys()].find(mayCreate);
    if (creator === undefined) throw refuse('role_too_low', { message: 'Two Guests cannot have a Single chat.' });
    return creator;
  }
  const owner = [...roles].find(([, role]) => role === 'Owner')?.[0];
  if (owner === undefined) throw ownerless();
  if (!mayCreate(owner)) throw refuse('guests_are_members');
  return owner;
}
