import { brokenRules } from '@fechatter/server/invariants';
import { createMessageCipher, messageText } from '@fechatter/drizzle';
import type { Findings } from './findings.ts';
import type { Scene } from '../writers/scene.ts';
import type { Store } from '../system/store.ts';

/** Checks the database against what the writers' calls returned. */
export async function checkScene(store: Store, scene: Scene, key: Buffer, findings: Findings): Promise<void> {
  await checkSends(store, scene, key, findings);
  for (const [rule, found] of Object.entries(await brokenRules(store)))
    findings.add('a rule of the database is broken', `${rule}: ${found.length}, such as ${JSON.stringify(found[0])}`);
  const chats = await store.query<{ client_id: string; id: string }>(
    'select client_id, id from chats where client_id is not null',
  );
  const made = new Map(chats.map(({ client_id, id }) => [client_id, id]));
  for (const [clientId, id] of scene.chatClientIds)
    if (id !== undefined && made.get(clientId) !== id)
      findings.add('an acknowledged send is missing', `chat ${id} with clientId ${clientId}`);
  checkLanes(scene, findings);
  for (const mistake of scene.accountMistakes) findings.add('a client was let down', mistake);
  for (const contradiction of scene.contradictions) findings.add('a send exists more than once', contradiction);
  for (const error of scene.tally.internal) findings.add('an error that no fault explains', error);
}

/** Messages of one outbox to one chat must be stored in the order in which they were queued. */
function checkLanes({ sent }: Scene, findings: Findings): void {
  const lastSeq = new Map<string, number>();
  for (const { lane, acked, clientId } of sent) {
    if (lane === undefined || acked === undefined) continue;
    if (acked.seq <= (lastSeq.get(lane) ?? 0))
      findings.add('out of order', `an outbox: ${clientId} has seq ${acked.seq}, behind a later message of the outbox`);
    lastSeq.set(lane, acked.seq);
  }
}

interface StoredSend {
  readonly id: string;
  readonly chat_id: string;
  readonly seq: string;
  readonly number: string;
  readonly client_id: string;
  readonly body: Buffer | null;
  readonly quoted: string | null;
  readonly events: number;
}

async function checkSends(store: Store, scene: Scene, key: Buffer, findings: Findings): Promise<void> {
  const rows = await store.query<StoredSend>(
    `select m.id, m.chat_id, m.seq, m.number, m.client_id, m.body, m.parts ->> 'quotedId' as quoted,
       coalesce(e.events, 0) as events
     from messages m left join (
       select subject_id, chat_id, count(*)::int as events from event_log where code = 1 group by 1, 2) e
       on e.subject_id = m.id and e.chat_id = m.chat_id`,
  );
  const stored = new Map<string, StoredSend[]>();
  for (const row of rows) stored.set(row.client_id, [...(stored.get(row.client_id) ?? []), row]);
  const cipher = createMessageCipher([{ id: 1, key }]);
  for (const { clientId, chatId, acked, contents, quotedId, data } of scene.sent) {
    const found = stored.get(clientId) ?? [];
    const [row] = found;
    if (found.length > 1) findings.add('a send exists more than once', `clientId ${clientId} in chat ${chatId}`);
    if (
      acked !== undefined &&
      (row?.id !== acked.id || Number(row.seq) !== acked.seq || Number(row.number) !== acked.number)
    )
      findings.add('an acknowledged send is missing', `message ${acked.id}, seq ${acked.seq} of chat ${chatId}`);
    if (row === undefined) continue;
    if (row.events !== 1) findings.add('an acknowledged send is missing', `message ${row.id} has ${row.events} events`);
    if (row.body === null) continue;
    const text = messageText(cipher.open(chatId, row.id, row.body));
    if (!contents.has(text.content))
      findings.add('an acknowledged send is missing', `message ${row.id} has a content that no writer sent`);
    if (text.data !== (data ?? null))
      findings.add('an acknowledged send is missing', `message ${row.id} has other data: ${text.data}`);
    if (row.quoted !== (quotedId ?? null))
      findings.add('an acknowledged send is missing', `message ${row.id} quotes ${row.quoted}, not ${quotedId}`);
  }
}

/** Compares unread counts in the lists with a count of the messages. */
export async function checkUnread(store: Store, scene: Scene, findings: Findings): Promise<number> {
  let checked = 0;
  for (const { client, id, name } of scene.people.filter((person) => !scene.suspended.has(person))) {
    const counted = await store.query<{ chat: string; unread: number }>(
      `select m.chat_id as chat, (select count(*)::int from messages x where x.chat_id = m.chat_id and x.thread_id is null and x.number > m.last_read_number) as unread
       from chat_members m where m.user_id = $1 and m.left_seq is null`,
      [id],
    );
    const unread = new Map(counted.map(({ chat, unread }) => [chat, unread]));
    let cursor: string | undefined;
    do {
      const page = await client.chat.list.query({ limit: 100, cursor });
      for (const chat of page.chats) {
        checked += 1;
        if (chat.unreadCount !== unread.get(chat.id))
          findings.add(
            'an unread count is wrong',
            `${name} in ${chat.id}: ${chat.unreadCount}, counted ${unread.get(chat.id)}`,
          );
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  return checked;
}
