import type { MessageRow, ReadMessageRow } from '@fechatter/drizzle';

/** A message to be written by send_batch(). */
export interface Outgoing {
  readonly chatId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly id: string;
  readonly body: Buffer;
  readonly mac: Buffer;
  /** What it has besides its body; absent for a plain message. */
  readonly extras?: MessageExtras | undefined;
}

/** What few messages have besides their body, in the form of send_batch(). */
export interface MessageExtras {
  /** The root of the thread that it is a reply in. */
  readonly thread_id?: string;
  /** The message that it quotes. */
  readonly quoted_id?: string;
  /** Files of the sender in this chat. */
  readonly file_ids?: readonly string[];
  /** The people named in its text. */
  readonly mentions?: Named;
}

/** The people named in a text; the database decides which of them are mentioned. */
export interface Named {
  /** In order of appearance, without duplicates. */
  readonly userIds: readonly string[];
  readonly everyone: boolean;
}

/** A reaction to add or remove. */
export interface OutgoingReaction {
  readonly chatId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly emoji: string;
  readonly isAdded: boolean;
}

/** An entry of a batch. */
export type Write = Outgoing | OutgoingReaction;
export const isReaction = (write: Write): write is OutgoingReaction => 'emoji' in write;

/** The outcomes of send_batch() for a message, by number; refusals are named after their reasons. */
export const outcomes = [
  'sent',
  'repeat',
  'chat_not_found',
  'client_id_reused',
  'held',
  'not_a_member',
  'member_gone',
  'rate_limited',
  'chat_archived',
  'role_too_low',
  'message_not_found',
  'not_a_root',
  'blocked',
  'file_not_found',
  'file_not_ready',
  'file_infected',
] as const;
type Outcome = (typeof outcomes)[number];

/** The result of a message. `used`: how many its sender has sent in this minute; null if there is no limit. */
export type SendResult =
  /** The row is without the body: the caller has it. */
  | { readonly outcome: 'sent'; readonly row: MessageRow; readonly used: number | null }
  | { readonly outcome: 'repeat'; readonly id: string; readonly used: number | null }
  | { readonly outcome: Exclude<Outcome, 'sent' | 'repeat' | 'held'>; readonly used: number | null };

/** The outcomes of send_batch() for a reaction, by number. */
export const reactionOutcomes = {
  0: 'changed',
  1: 'unchanged',
  2: 'chat_not_found',
  4: 'held',
  5: 'not_a_member',
  7: 'rate_limited',
  8: 'message_not_found',
  9: 'too_many_reactions',
  10: 'chat_archived',
  11: 'not_an_emoji',
} as const;
type ReactionOutcome = (typeof reactionOutcomes)[keyof typeof reactionOutcomes];

type Applied = 'changed' | 'unchanged';

/** The result of a reaction. `used`: how many the person has changed in this minute; null if there is no limit. */
export type ReactionResult =
  | {
      readonly outcome: Applied;
      /** Reads the current message for the person; undefined if they have left since. */
      readonly row: () => Promise<ReadMessageRow | undefined>;
      readonly used: number | null;
    }
  | { readonly outcome: Exclude<ReactionOutcome, 'held' | Applied>; readonly used: number | null };

export type WriteResult = SendResult | ReactionResult;
export type ResultOf<W extends Write> = W extends OutgoingReaction ? ReactionResult : SendResult;
