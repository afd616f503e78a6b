import { v7 as uuidv7 } from 'uuid';
import type { Outgoing } from '../message/batching/outgoing.ts';

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

/** At least two chats with the same members (at least two), inserted directly, for tests below the procedures. */
export async function stagedChats(query: Query, count: { readonly chats: number; readonly users: number }) {
  const workspaceId = uuidv7();
  const users = ids(count.users);
  const chats = ids(count.chats);
  await query(
    `insert into users (id, email, full_name, password_hash) select u, u || '@example.com', 'Someone', '' from unnest($1::uuid[]) u`,
    [users],
  );
  await query(`insert into workspaces (id, name) values ($1, 'staged')`, [workspaceId]);
  await query('insert into workspace_heads (workspace_id) values ($1)', [workspaceId]);
  await query(
    `insert into workspace_members (workspace_id, user_id, role, joined_seq) select $1, u, 'Member', 0 from unnest($2::uuid[]) u`,
    [workspaceId, users],
  );
  await query(
    `insert into chats (id, workspace_id, chat_type, name, version, creator_id)
     select c, $1, 'Group', 'staged', 0, $2 from unnest($3::uuid[]) c`,
    [workspaceId, users[0], chats],
  );
  await query(
    `insert into chat_heads (chat_id, workspace_id, chat_type) select c, $1, 'Group' from unnest($2::uuid[]) c`,
    [workspaceId, chats],
  );
  await query(
    `insert into chat_members (chat_id, user_id, role, joined_seq, last_read_seq, last_read_number)
     select c, u, 'Member', 0, 0, 0 from unnest($1::uuid[]) c, unnest($2::uuid[]) u`,
    [chats, users],
  );
  return { workspaceId, users, chats };
}

/** A message with an unencrypted text. */
export function outgoing(chatId: string, userId: string, text = 'hi', clientId: string = uuidv7()): Outgoing {
  const body = Buffer.from(text);
  return { chatId, userId, clientId, id: uuidv7(), body, mac: body };
}

/** At least two, so that a test can destructure them. */
function ids(count: number): [string, string, ...string[]] {
  return [uuidv7(), uuidv7(), ...Array.from({ length: Math.max(0, count - 2) }, () => uuidv7())];
}
