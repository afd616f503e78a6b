import { createMessageCipher, messageOf, type MessageRow, openDatabase } from '@fechatter/drizzle';
import { chatListSql, messagePageSql } from '@fechatter/server';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The reference for the server's reads: the same statements on the same pool, the same decryption, plain objects and
 * `JSON.stringify`, without validation, access token or tRPC. `/query/…` responds without the rows.
 */
const [url = '', key = '', userId = '', chatId = ''] = process.argv.slice(2);
const { pool } = openDatabase({ url, applicationName: 'bare-reads' });
const cipher = createMessageCipher([{ id: 1, key: Buffer.from(key, 'base64') }]);
const PAGE = 50;
const NIL = '00000000-0000-0000-0000-000000000000';

interface ChatRow {
  readonly id: string;
  readonly message_id: string | null;
  readonly message_body: Buffer | null;
}

const statements = {
  page: { name: 'page', text: messagePageSql.main.newest, values: [userId, chatId, PAGE + 1] },
  list: { name: 'list', text: chatListSql, values: [userId, null, NIL, PAGE + 1] },
};

const app = new Hono();
app.get('/page', async () => {
  const { rows } = await pool.query<MessageRow>(statements.page);
  const messages = rows.slice(0, PAGE).map((row) => messageOf(row, cipher, () => {}));
  return json({ messages, hasMore: rows.length > PAGE });
});
app.get('/list', async () => {
  const { rows } = await pool.query<ChatRow>(statements.list);
  const chats = rows.slice(0, PAGE).map(({ message_id: messageId, message_body: body, ...chat }) => {
    const content = messageId === null || body === null ? null : cipher.open(chat.id, messageId, body);
    return { ...chat, lastMessage: { id: messageId, content } };
  });
  return json({ chats });
});
app.get('/query/page', async () => json({ rows: (await pool.query(statements.page)).rows.length }));
app.get('/query/list', async () => json({ rows: (await pool.query(statements.list)).rows.length }));

const json = (value: unknown) =>
  new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });

const listener = getRequestListener(app.fetch);
const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
