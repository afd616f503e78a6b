import type { MessageRow, ReadMessageRow } from '@fechatter/drizzle';

/** A message as its sender's process hands it to the database. */
export interface Outgoing {
  readonly chatId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly id: string;
  readonly body: Buffer;
  readonly mac: Buffer;
  /** What it brings beside its body; missing for a plain message. */
  readonly extras?: MessageExtras | undefined;
}

/** What few messages bring beside their body, as send_batch() takes it. */
export interface MessageExtras {
  /** The root of the thread that it is a reply in. */
  readonly thread_id?: string;
  /** The message that it quotes. */
  readonly quoted_id?: string;
  /** Whom its text names. */
  readonly mentions?: Named;
}

/** Whom a text names; the database decides who of them is mentioned. */
export interface Named {
  /** In the order in which they come, without repetition. */
  readonly userIds: readonly string[];
  readonly everyone: boolean;
}

/** A reaction to put there or to take away. */
export interface OutgoingReaction {
  readonly chatId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly emoji: string;
  readonly isAdded: boolean;
}

/** What a batch is made of. */
export type Write = Outgoing | OutgoingReaction;
export const isReaction = (write: Write): write is OutgoingReaction => 'emoji' in write;

/** What send_batch() says about a message, by its number; the refusals bear the names of their reasons. */
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
] as const;
type Outcome = (typeof outcomes)[number];

/** What became of a message. `used`: how many its sender sent in this minute; null where nothing limits them. */
export type SendResult =
  /** The row is without the body: the caller has it. */
  | { readonly outcome: 'sent'; readonly row: MessageRow; readonly used: number | null }
  | { readonly outcome: 'repeat'; readonly id: string; readonly used: number | null }
  | { readonly outcome: Exclude<Outcome, 'sent' | 'repeat' | 'held'>; readonly used: number | null };

/** What send_batch() says about a reaction, by its number. */
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
} as const;
type ReactionOutcome = (typeof reactionOutcomes)[keyof typeof reactionOutcomes];

type Applied = 'changed' | 'unchanged';

/** What became of a reaction. `used`: how many the person changed in this minute; null where nothing limits them. */
export type ReactionResult =
  | {
      readonly outcome: Applied;
      /** Reads the message as it stands then, for the person; undefined where they have left since. */
      readonly row: () => Promise<ReadMessageRow | undefined>;
      readonly used: number | null;
    }
  | { readonly outcome: Exclude<ReactionOutcome, 'held' | Applied>; readonly used: number | null };

export type WriteResult = SendResult | ReactionResult;
export type ResultOf<W extends Write> = W extends OutgoingReaction ? ReactionResult : SendResult;
