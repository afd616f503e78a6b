import { createMessageCipher, messageText } from '@fechatter/drizzle';
import type { Store } from '../system/store.ts';
import type { Scene } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

const QUOTES_MAX = 80;

interface Quoted {
  readonly id: string;
  readonly chat: string;
  readonly body: Buffer | null;
  readonly members: readonly string[];
}

/**
 * What an app shows for a quote is the quoted message as it is now, and nothing if it was deleted. Called when nothing
 * changes any more. Returns the number of quotes.
 */
export async function checkQuotes(store: Store, scene: Scene, key: Buffer, findings: Findings): Promise<number> {
  const asked = scene.sent.filter(({ acked, quotedId }) => acked !== undefined && quotedId !== undefined);
  const ids = asked.slice(-QUOTES_MAX).map(({ quotedId }) => quotedId);
  const rows = await store.query<Quoted>(
    `select m.id, m.chat_id as chat, m.body, array(
       select user_id from chat_members p where p.chat_id = m.chat_id and p.left_seq is null) as members
     from messages m join chats c on c.id = m.chat_id and c.deleted_at is null where m.id = any ($1)`,
    [[...new Set(ids)]],
  );
  const cipher = createMessageCipher([{ id: 1, key }]);
  let checked = 0;
  for (const { id, chat: chatId, body, members } of rows) {
    const reader = scene.people.find((person) => members.includes(person.id) && !scene.suspended.has(person));
    if (reader === undefined || scene.tampered.has(id)) continue;
    checked += 1;
    const { messages } = await reader.client.message.list.query({ chatId, ids: [id] });
    // A deleted message with replies is listed, without content.
    const [shown] = messages.filter(({ deletedAt }) => deletedAt === null).map(({ content }) => content);
    const is = body === null ? undefined : messageText(cipher.open(chatId, id, body)).content;
    if (shown !== is)
      findings.add(
        'a quote is wrong',
        `${reader.name}: ${id} is quoted as ${shown ?? 'nothing'} and is ${is ?? 'gone'}`,
      );
  }
  return checked;
}
