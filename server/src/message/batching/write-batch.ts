import type { UserKind } from '@fechatter/contract';
import { type Database, errorCode, type Queryable } from '@fechatter/drizzle';
import { readReacted } from '../../reaction/read-reacted.ts';
import {
  isReaction,
  type Outgoing,
  type OutgoingReaction,
  outcomes,
  reactionOutcomes,
  type SendResult,
  type Write,
  type WriteResult,
} from './outgoing.ts';

/** How the heads of chats are locked: wait 25 ms for all, skip those that others hold, or wait 2 s for one chat. */
export type SendMode = 'brief' | 'skip' | 'wait';

/** No connection could be opened: nothing was sent, and nothing can be at the moment. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('no connection to the database', { cause });
  }
}

/** Whether another transaction held a head for longer than the mode waits. */
export const isLockTimeout = (error: unknown): boolean => errorCode(error) === '55P03';

/** Position and sender are set only if this call sent the message; `id` also if an earlier one did. */
interface Row {
  readonly ord: number;
  readonly outcome: number;
  readonly id: string;
  readonly seq: number;
  readonly number: number;
  readonly version: number;
  readonly created_at: Date;
  readonly sender: { readonly kind: UserKind; readonly name: string; readonly avatar_url: string | null };
  readonly used: number | null;
}

const statement = {
  name: 'send_batch',
  text: 'select * from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], $7::jsonb[], $8, $9, $10::jsonb[], $11)',
};

/** How many messages and how many changes of reactions a person can send per minute; 0 for no limit. */
export interface WriteLimits {
  readonly sends: number;
  readonly reactions: number;
}

/**
 * Calls send_batch() once. Returns results in the order of the writes; 'held' for those that must wait for their head.
 */
export async function writeBatch(
  pool: Database['pool'],
  writes: readonly Write[],
  mode: SendMode,
  limits: WriteLimits,
): Promise<readonly (WriteResult | 'held')[]> {
  const client = await pool.connect().catch((error: unknown) => {
    throw new Unreachable(error);
  });
  try {
    const { results, reading } = await callOn(client, writes, mode, limits);
    // The messages with new reactions are read after the commit, and the chats' next batches do not wait for that.
    void reading.then(
      () => client.release(),
      () => client.release(true),
    );
    return results;
  } catch (error) {
    client.release(!isLockTimeout(error));
    throw error;
  }
}

async function callOn(client: Queryable, writes: readonly Write[], mode: SendMode, limits: WriteLimits) {
  const reactions = writes.filter(isReaction);
  const messages = writes.filter((write): write is Outgoing => !isReaction(write));
  const values = [
    messages.map(({ chatId }) => chatId),
    messages.map(({ userId }) => userId),
    messages.map(({ clientId }) => clientId),
    messages.map(({ id }) => id),
    messages.map(({ body }) => body),
    messages.map(({ mac }) => mac),
    extrasOf(messages),
    mode,
    limits.sends,
    reactions.length === 0 ? null : reactions.map(argumentOf),
    limits.reactions,
  ];
  const { rows } = await client.query<Row>({ ...statement, values });
  const byOrder = new Map(rows.map((row) => [row.ord, row]));
  const outcomes = reactions.map((_, index) => reactionOutcomeOf(byOrder.get(messages.length + index + 1)));
  const reading = readReacted(
    client,
    reactions.filter((_, index) => isApplied(outcomes[index])),
  );
  let [message, reaction, read] = [0, 0, 0];
  const results = writes.map((write): WriteResult | 'held' => {
    if (!isReaction(write)) return resultOf(write, byOrder.get(++message));
    const of = outcomes[reaction++];
    if (of === undefined || of.outcome === 'held') return 'held';
    const { outcome, used } = of;
    if (outcome !== 'changed' && outcome !== 'unchanged') return { outcome, used };
    const place = read++;
    return { outcome, used, row: async () => (await reading)[place] };
  });
  return { results, reading };
}

/** Null if no message has any: then the database looks for none. */
const extrasOf = (messages: readonly Outgoing[]) =>
  messages.some(({ extras }) => extras !== undefined)
    ? messages.map(({ extras }) => (extras === undefined ? null : JSON.stringify(extras)))
    : null;

function resultOf({ chatId, userId, clientId, extras }: Outgoing, row: Row | undefined): SendResult | 'held' {
  const outcome = outcomes[row?.outcome ?? -1];
  if (row === undefined || outcome === undefined) throw new Error('send_batch() returned no result for a message');
  if (outcome === 'held') return 'held';
  const { id, used } = row;
  if (outcome === 'repeat') return { outcome, id, used };
  if (outcome !== 'sent') return { outcome, used };
  const { seq, number, version, created_at, sender } = row;
  const { kind: sender_kind, name: sender_name, avatar_url: sender_avatar_url } = sender;
  const quotedId = extras?.quoted_id;
  const parts = quotedId === undefined ? null : { quotedId };
  const asSent = { body: null, edited_at: null, deleted_at: null, parts, thread: null, files: null };
  const threadId = extras?.thread_id ?? null;
  const shown = { sender_kind, sender_name, sender_avatar_url, sender_account_id: null };
  const by = { client_id: clientId, sender_id: userId, ...shown };
  return {
    outcome,
    row: { id, chat_id: chatId, seq, number, version, created_at, thread_id: threadId, ...asSent, ...by },
    used,
  };
}

const argumentOf = ({ chatId, userId, messageId, emoji, isAdded }: OutgoingReaction) =>
  JSON.stringify({ chat_id: chatId, user_id: userId, message_id: messageId, emoji, is_added: isAdded });

interface Outcome {
  readonly outcome: (typeof reactionOutcomes)[keyof typeof reactionOutcomes];
  readonly used: number | null;
}

const isApplied = (of?: Outcome) => of?.outcome === 'changed' || of?.outcome === 'unchanged';

function reactionOutcomeOf(row: Row | undefined): Outcome {
  const outcome = reactionOutcomes[row?.outcome as keyof typeof reactionOutcomes];
  if (row === undefined || outcome === undefined) throw new Error('send_batch() returned no result for a reaction');
  return { outcome, used: row.used };
}
