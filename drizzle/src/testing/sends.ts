import { createHash, randomUUID } from 'node:crypto';
import type { Queryable } from '../log/read.ts';

/** A message for send_batch(); its text is not encrypted. */
export interface Draft {
  readonly chat: string;
  readonly user: string;
  readonly client: string;
  readonly text: string;
}

export interface SendRow {
  readonly ord: number;
  readonly outcome: number;
  readonly id: string | null;
  readonly seq: number | null;
  readonly number: number | null;
  readonly sender: { readonly name: string; readonly avatar_url: string | null } | null;
  readonly used: number | null;
}

export const draft = (chat: string, user: string, text = 'hi', client: string = randomUUID()): Draft => ({
  chat,
  user,
  client,
  text,
});

const macOf = (text: string) => createHash('sha256').update(text).digest();

/** One call of send_batch(); the rows come in the order of the drafts. */
export async function callSend(db: Queryable, drafts: readonly Draft[], mode: string, limit = 0): Promise<SendRow[]> {
  const { rows } = await db.query<SendRow>({
    name: 'test-send',
    text: `select * from send_batch($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::bytea[], $6::bytea[], null, $7, $8)`,
    values: [
      drafts.map(({ chat }) => chat),
      drafts.map(({ user }) => user),
      drafts.map(({ client }) => client),
      drafts.map(() => randomUUID()),
      drafts.map(({ text }) => Buffer.from(text)),
      drafts.map(({ text }) => macOf(text)),
      mode,
      limit,
    ],
  });
  return rows.sort((a, b) => a.ord - b.ord);
}
