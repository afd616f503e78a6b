import { type Database, errorCode } from '@fechatter/drizzle';
import { type Outgoing, outcomes, type SendResult } from './outgoing.ts';

/** How the heads of chats are locked: 25 ms for all, passing over those that others hold, or 2 s for one chat. */
export type SendMode = 'brief' | 'skip' | 'wait';

/** No connection could be made: nothing was sent, and nothing else will be at the moment. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no connection to the database', { cause });
  }
}

/** Whether a head was held by another for longer than the mode waits. */
export const isLockTimeout = (error: unknown): boolean => errorCode(error) === '55P03';

interface Row {
  ord: number;
  outcome: number;
  id: string;
  seq: number;
  number: number;
  version: number;
  body: Buffer | null;
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  sender_name: string;
  sender_avatar_url: string | null;
  used: number | null;
}

const statement = {
  name: 'send_messages',
  text: 'select * from send_messages($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7, $8)',
};

/** Calls send_messages() once; answers in the order of the messages, 'held' for those that must wait for their head. */
export async function sendMessages(
  pool: Database['pool'],
  messages: readonly Outgoing[],
  mode: SendMode,
  limitPerMinute: number,
): Promise<readonly (SendResult | 'held')[]> {
  const values = [
    messages.map(({ chatId }) => chatId),
    messages.map(({ userId }) => userId),
    messages.map(({ clientId }) => clientId),
    messages.map(({ id }) => id),
    messages.map(({ body }) => body),
    messages.map(({ mac }) => mac),
    mode,
    limitPerMinute,
  ];
  const client = await pool.connect().catch((error: unknown) => {
    throw new Unreachable(error);
  });
  let isBroken = true;
  try {
    const { rows } = await client.query<Row>({ ...statement, values });
    isBroken = false;
    const byOrder = new Map(rows.map((row) => [row.ord, row]));
    return messages.map((message, index) => resultOf(message, byOrder.get(index + 1)));
  } catch (error) {
    isBroken = !isLockTimeout(error);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

function resultOf({ chatId, userId, clientId }: Outgoing, row: Row | undefined): SendResult | 'held' {
  const outcome = outcomes[row?.outcome ?? -1];
  if (row === undefined || outcome === undefined) throw new Error('send_messages() left a message without an answer');
  if (outcome === 'held') return 'held';
  const { ord: _, outcome: __, used, ...message } = row;
  if (outcome !== 'sent' && outcome !== 'repeat') return { outcome, used };
  return { outcome, row: { ...message, chat_id: chatId, sender_id: userId, client_id: clientId }, used };
}
