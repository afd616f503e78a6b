import { appendEvents, type Notifier, type Database, type MessageCipher, sql } from '@fechatter/drizzle';
import { randomUUID } from 'node:crypto';
import { type Change, nextChatSeq, ofChat, type Person, type Place } from './changes.ts';

export interface MessageChanges {
  send(chat: Place, person: Person, content: string): Promise<string>;
  /** Many messages in one statement. */
  sendMany(chat: Place, person: Person, count: number, content?: string): Promise<void>;
  edit(chat: Place, messageId: string, content: string): Promise<void>;
}

export interface MessageTools {
  readonly db: Database;
  readonly notifier: Notifier;
  readonly cipher: MessageCipher;
  readonly change: Change;
}

/** Changes of messages. */
export function messageChanges({ db, notifier, cipher, change }: MessageTools): MessageChanges {
  const sendAll = async (
    chat: Place,
    person: Person,
    texts: readonly { id: string; content: string }[],
  ): Promise<void> => {
    const { rows } = await db.pool.query<{ outcome: number }>(
      `select outcome from send_batch($1, $2, $3, $4, $5, $6, null, 'wait', 0)`,
      [
        texts.map(() => chat.id),
        texts.map(() => person.id),
        texts.map(() => randomUUID()),
        texts.map(({ id }) => id),
        texts.map(({ id, content }) => cipher.seal(chat.id, id, content)),
        texts.map(() => Buffer.of(0)),
      ],
    );
    const refused = rows.find(({ outcome }) => outcome !== 0);
    if (refused !== undefined) throw new Error(`send: outcome ${refused.outcome}`);
    notifier.notify();
  };
  return {
    async send(chat, person, content) {
      const id = randomUUID();
      await sendAll(chat, person, [{ id, content }]);
      return id;
    },
    sendMany: (chat, person, count, content) =>
      sendAll(
        chat,
        person,
        Array.from({ length: count }, (_, i) => ({ id: randomUUID(), content: content ?? `message ${i}` })),
      ),
    edit: (chat, messageId, content) =>
      change(async (tx) => {
        const seq = await nextChatSeq(tx, chat.id);
        await tx.execute(sql`update messages set body = ${cipher.seal(chat.id, messageId, content)}, version = ${seq}, edited_at = now()
          where id = ${messageId}`);
        await appendEvents(tx, [{ kind: 'message.updated', ...ofChat(chat, seq), subjectId: messageId }]);
      }),
  };
}
