import type { MessageRow } from '@fechatter/drizzle';

/** A message as its sender's process hands it to the database. */
export interface Outgoing {
  readonly chatId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly id: string;
  readonly body: Buffer;
  readonly mac: Buffer;
}

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
] as const;
type Outcome = (typeof outcomes)[number];

/** What became of a message. `used`: how many its sender sent in this minute; null where nothing limits them. */
export type SendResult =
  /** The row is without the body: the caller has it. */
  | { readonly outcome: 'sent'; readonly row: MessageRow; readonly used: number | null }
  | { readonly outcome: 'repeat'; readonly id: string; readonly used: number | null }
  | { readonly outcome: Exclude<Outcome, 'sent' | 'repeat' | 'held'>; readonly used: number | null };
