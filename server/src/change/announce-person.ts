import type { LoggedEventKind } from '@fechatter/contract';
import { type EventDetails, type EventDetailsArgument, sql, type Tx } from '@fechatter/drizzle';
import type { Change } from './change.ts';

/** Kinds of events that inform a workspace about a person. */
type KindAboutPerson = Extract<LoggedEventKind, 'user.updated' | 'workspace.memberUpdated'>;
type SharedChats = Readonly<Record<string, number>>;

/** A row of the log names at most this many chats; for more there are further rows. */
const CHATS_PER_ROW = 1_000;

/** Which chats of the person an event names: those that they are in now, or also those that they have left. */
export type NamedChats = 'present' | 'present and past';

/** At most this many chats that the person has left are named, the newest. */
const PAST_CHATS_MAX = 10_000;

/**
 * Announces an event about a person to workspaces whose heads are locked. The event names the chats that Guests share
 * with the person: Guests receive it through those. Lock the person's row of `users`, or change their row in
 * `workspace_members`, in a statement before this, so that they cannot enter a chat meanwhile.
 */
export async function announcePerson<Kind extends KindAboutPerson>(
  change: Change,
  workspaceIds: readonly string[],
  kind: Kind,
  details: EventDetails<Kind> & { readonly subjectId: string },
  named: NamedChats = 'present',
): Promise<void> {
  const shared = await sharedChats(change.tx, workspaceIds, details.subjectId, named);
  for (const id of workspaceIds)
    for (const sharedChats of shared.get(id) ?? [undefined])
      change.announceInWorkspace(id, kind, ...([{ ...details, sharedChats }] as EventDetailsArgument<Kind>));
}

/** By workspace: this person's chats that have, or had, Guests, with the newest seq of each. */
async function sharedChats(
  tx: Tx,
  workspaceIds: readonly string[],
  userId: string,
  named: NamedChats,
): Promise<ReadonlyMap<string, readonly SharedChats[]>> {
  const past = sql`
    union select chat_id from (
      select chat_id from chat_members where user_id = ${userId} and left_seq is not null
      order by left_at desc limit ${PAST_CHATS_MAX}::int) p`;
  // A placeholder is a member of no chat: its own are those that it was imported with. Starts from their own chats, with a look-up for each, so that the cost does not depend on other people.
  const { rows } = await tx.execute<{ workspace_id: string; chats: SharedChats }>(sql`
    with shared as materialized (
      select h.*, (row_number() over (partition by h.workspace_id order by h.chat_id) - 1) / ${CHATS_PER_ROW}::int as part
      from (
        select chat_id from live_chat_members where user_id = ${userId}
        union select chat_id from import_members where user_id = ${userId} ${named === 'present' ? sql`` : past}) m
      cross join lateral (
        select h.workspace_id, h.chat_id, h.last_seq from chat_heads h
        where h.chat_id = m.chat_id and h.has_guests limit 1) h
      where h.workspace_id = any (${sql.param([...workspaceIds])}::uuid[]))
    select workspace_id, jsonb_object_agg(chat_id, last_seq) as chats from shared group by workspace_id, part order by 1, part`);
  const found = new Map<string, SharedChats[]>();
  for (const { workspace_id: id, chats } of rows) found.set(id, [...(found.get(id) ?? []), chats]);
  return found;
}
