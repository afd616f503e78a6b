import { type Database, errorCode, type Queryable } from '@fechatter/drizzle';
import { readReacted } from '../../reaction/read-reacted.ts';
import {
  isReaction,
  type Outgoing,
  type OutgoingReaction,
  outcomes,
  reactionOutcomes,
  type ReactionResult,
  type SendResult,
  type Write,
  type WriteResult,
} from './outgoing.ts';

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

/** The place and the sender stand only where the message was sent now, `id` where it was sent before too. */
interface Row {
  readonly ord: number;
  readonly outcome: number;
  readonly id: string;
  readonly seq: number;
  readonly number: number;
  readonly version: number;
  readonly created_at: Date;
  readonly sender: { readonly name: string; readonly avatar_url: string | null };
  readonly used: number | null;
}

// Nothing is brought beside a body yet.
const statement = {
  name: 'send_batch',
  text: 'select * from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, $7, $8, $9::jsonb[], $10)',
};

/** How many messages and how many changes of reactions a person has a minute; 0 for any number. */
export interface WriteLimits {
  readonly sends: number;
  readonly reactions: number;
}

/** Calls send_batch() once; returns in the order of the writes, 'held' for those that must wait for their head. */
export async function writeBatch(
  pool: Database['pool'],
  writes: readonly Write[],
  mode: SendMode,
  limits: WriteLimits,
): Promise<readonly (WriteResult | 'held')[]> {
  const reactions = writes.filter(isReaction);
  const messages = writes.filter((write): write is Outgoing => !isReaction(write));
  const values = [
    messages.map(({ chatId }) => chatId),
    messages.map(({ userId }) => userId),
    messages.map(({ clientId }) => clientId),
    messages.map(({ id }) => id),
    messages.map(({ body }) => body),
    messages.map(({ mac }) => mac),
    mode,
    limits.sends,
    reactions.length === 0 ? null : reactions.map(argumentOf),
    limits.reactions,
  ];
  const client = await pool.connect().catch((error: unknown) => {
    throw new Unreachable(error);
  });
  let isBroken = true;
  try {
    const { rows } = await client.query<Row>({ ...statement, values });
    isBroken = false;
    const byOrder = new Map(rows.map((row) => [row.ord, row]));
    const judged = reactions.map((_, index) => reactionOutcomeOf(byOrder.get(messages.length + index + 1)));
    const results = await withMessages(client, reactions, judged);
    let [message, reaction] = [0, 0];
    return writes.map((write) =>
      isReaction(write) ? (results[reaction++] ?? 'held') : resultOf(write, byOrder.get(++message)),
    );
  } catch (error) {
    isBroken = !isLockTimeout(error);
    throw error;
  } finally {
    client.release(isBroken);
  }
}

function resultOf({ chatId, userId, clientId }: Outgoing, row: Row | undefined): SendResult | 'held' {
  const outcome = outcomes[row?.outcome ?? -1];
  if (row === undefined || outcome === undefined) throw new Error('send_batch() left a message without an answer');
  if (outcome === 'held') return 'held';
  const { id, used } = row;
  if (outcome === 'repeat') return { outcome, id, used };
  if (outcome !== 'sent') return { outcome, used };
  const { seq, number, version, created_at, sender } = row;
  const { name: sender_name, avatar_url: sender_avatar_url } = sender;
  const asSent = { body: null, edited_at: null, deleted_at: null, parts: null };
  const by = { client_id: clientId, sender_id: userId, sender_name, sender_avatar_url };
  return { outcome, row: { id, chat_id: chatId, seq, number, version, created_at, ...asSent, ...by }, used };
}

const argumentOf = ({ chatId, userId, messageId, emoji, isAdded }: OutgoingReaction) =>
  JSON.stringify({ chat_id: chatId, user_id: userId, message_id: messageId, emoji, is_added: isAdded });

interface Outcome {
  readonly outcome: (typeof reactionOutcomes)[keyof typeof reactionOutcomes];
  readonly used: number | null;
}

function reactionOutcomeOf(row: Row | undefined): Outcome {
  const outcome = reactionOutcomes[row?.outcome as keyof typeof reactionOutcomes];
  if (row === undefined || outcome === undefined) throw new Error('send_batch() left a reaction without an answer');
  return { outcome, used: row.used };
}

/** With the messages that were reacted to, as they stand after the commit: one query for the whole batch. */
async function withMessages(
  client: Queryable,
  reactions: readonly OutgoingReaction[],
  judged: readonly Outcome[],
): Promise<readonly (ReactionResult | 'held')[]> {
  const isApplied = (of?: Outcome) => of?.outcome === 'changed' || of?.outcome === 'unchanged';
  const rows = await readReacted(
    client,
    reactions.filter((_, index) => isApplied(judged[index])),
  );
  let applied = 0;
  return judged.map(({ outcome, used }) => {
    if (outcome === 'held') return outcome;
    if (outcome !== 'changed' && outcome !== 'unchanged') return { outcome, used };
    return { outcome, row: rows[applied++], used };
  });
}
