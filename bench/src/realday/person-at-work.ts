import { type Agent, request } from 'node:http';
import type { Action } from './action-mix.ts';
import type { TownChat } from './town.ts';

/** The target of the calls. */
export interface Way {
  readonly agent: Agent;
  readonly serverPort: number;
  readonly notifyPort: number;
  /** Called with the duration of each call. */
  readonly onAnswer: (tookMs: number) => void;
}

interface Page {
  readonly messages: readonly { readonly id: string; readonly seq: number; readonly sender: { readonly id: string } }[];
}

const CALL_MAX_MS = 30_000;
const READY = '"kind":"ready"';

/** Does one action of a person: the calls that a client makes, one after the other. */
export async function act(
  way: Way,
  action: Action,
  about: { readonly token: string; readonly userId: string; readonly chat: TownChat; readonly text: string },
): Promise<void> {
  const { token, userId, chat, text } = about;
  const chatId = chat.id;
  const page = (input: object) => call<Page>(way, token, 'message.list', 'GET', { chatId, ...input });
  switch (action) {
    case 'open channel':
    case 'open direct':
    case 'edit': {
      const { messages } = await page({});
      const own = action === 'edit' && messages.find(({ sender }) => sender.id === userId);
      if (own)
        await call(way, token, 'message.edit', 'POST', { chatId, messageId: own.id, content: `${text} (edited)` });
      else await call(way, token, 'chat.markRead', 'POST', { chatId, seq: messages[0]?.seq ?? 0 });
      return;
    }
    case 'scroll':
    case 'permalink': {
      const { messages } = await page({ limit: 10 });
      const before = messages.at(-1)?.id;
      if (before !== undefined) await page({ before });
      return;
    }
    case 'post':
      return void (await call(way, token, 'message.send', 'POST', { chatId, content: text }));
    case 'unread':
      return void (await call(way, token, 'chat.list', 'GET', {}));
    case 'reconnect':
      return connect(way, token);
    default:
      return action satisfies never;
  }
}

function call<T>(way: Way, token: string, procedure: string, method: 'GET' | 'POST', input: object): Promise<T> {
  const text = JSON.stringify({ json: input });
  const query = method === 'GET' ? `?input=${encodeURIComponent(text)}` : '';
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const path = `/trpc/${procedure}${query}`;
    const asked = request({ agent: way.agent, host: '127.0.0.1', port: way.serverPort, method, path, headers });
    asked.setTimeout(CALL_MAX_MS, () => asked.destroy(new Error(`${procedure} is not answered`)));
    asked.on('error', reject);
    asked.on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part: string) => (body += part));
      answer.on('end', () => {
        way.onAnswer(performance.now() - startedAtMs);
        if (answer.statusCode !== 200) reject(new Error(`${procedure}: ${answer.statusCode} ${body.slice(0, 200)}`));
        else resolve((JSON.parse(body) as { result: { data: { json: T } } }).result.data.json);
      });
    });
    asked.end(method === 'POST' ? text : undefined);
  });
}

/** Opens a live connection, waits until it is ready, and closes it. */
function connect({ notifyPort, onAnswer }: Way, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const asked = request({
      agent: false,
      host: '127.0.0.1',
      port: notifyPort,
      path: '/trpc/notification.events',
      headers,
    });
    asked.setTimeout(CALL_MAX_MS, () => asked.destroy(new Error('a stream is not ready')));
    asked.on('error', reject);
    asked.on('response', (stream) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (!text.includes(READY)) return;
        onAnswer(performance.now() - startedAtMs);
        resolve();
        stream.removeAllListeners().on('error', () => {});
        asked.removeAllListeners('error').on('error', () => {});
        asked.destroy();
      });
    });
    asked.end();
  });
}
