import { type Agent, request } from 'node:http';
import type { Action } from './action-mix.ts';
import type { TownChat } from './town.ts';

/** The target of the calls. */
export interface Way {
  readonly agent: Agent;
  readonly serverPort: number;
  readonly notifyPort: number;
  /** Called with the duration of each call. */
  readonly onResponse: (tookMs: number) => void;
}

interface Page {
  readonly messages: readonly { readonly id: string; readonly seq: number; readonly sender: { readonly id: string } }[];
}

interface Threads {
  readonly threads: readonly {
    readonly root: { readonly id: string; readonly chatId: string; readonly thread: { readonly lastNumber: number } };
  }[];
}

/** A person's action: who they are and what it is about. */
export interface Deed {
  readonly token: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly chat: TownChat;
  readonly text: string;
  /** Whether they are shown as typing before they post. */
  readonly isTyping: boolean;
  /** Picks one of several. */
  readonly turn: number;
}

const EMOJI = ['👍', '❤', '🎉', '👀'] as const;
const THREADS = 25;

const CALL_MAX_MS = 30_000;
const READY = '"kind":"ready"';

/** Does one action of a person: the calls that a client makes, one after the other. */
export async function act(way: Way, action: Action, about: Deed): Promise<void> {
  const { token, userId, workspaceId, chat, text, isTyping, turn } = about;
  const chatId = chat.id;
  const page = (input: object) => call<Page>(way, token, 'message.list', 'GET', { chatId, ...input });
  const post = (procedure: string, input: object) => call(way, token, procedure, 'POST', input);
  const send = async (threadId?: string) => {
    const inThread = threadId !== undefined && { threadId };
    if (isTyping) await post('chat.setTyping', { chatId, ...inThread });
    await post('message.send', { chatId, content: text, ...inThread });
  };
  const someMessage = async () => {
    const { messages } = await page({ limit: 10 });
    return messages[turn % Math.max(1, messages.length)];
  };
  const someThread = async () => {
    const list = await call<Threads>(way, token, 'thread.list', 'GET', { workspaceId, limit: THREADS });
    return list.threads[turn % Math.max(1, list.threads.length)]?.root;
  };
  switch (action) {
    case 'open channel':
    case 'open direct':
    case 'edit': {
      const { messages } = await page({});
      const own = action === 'edit' && messages.find(({ sender }) => sender.id === userId);
      if (own) await post('message.edit', { chatId, messageId: own.id, content: `${text} (edited)` });
      else await post('chat.markRead', { chatId, seq: messages[0]?.seq ?? 0 });
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
      return send();
    case 'reply':
      return send((await someMessage())?.id);
    case 'react': {
      const message = await someMessage();
      if (message === undefined) return;
      const emoji = EMOJI[turn % EMOJI.length];
      return void (await post('message.react', { chatId, messageId: message.id, emoji }));
    }
    case 'delete': {
      const { messages } = await page({});
      const own = messages.find(({ sender }) => sender.id === userId);
      return void (own && (await post('message.delete', { chatId, messageId: own.id })));
    }
    case 'threads':
      return void (await someThread());
    case 'thread': {
      const root = await someThread();
      if (root === undefined) return;
      const ofThread = { chatId: root.chatId, threadId: root.id };
      return void (await call<Page>(way, token, 'message.list', 'GET', ofThread));
    }
    case 'read thread': {
      const root = await someThread();
      if (root === undefined) return;
      const mark = { chatId: root.chatId, rootId: root.id, number: root.thread.lastNumber };
      return void (await post('thread.markRead', mark));
    }
    case 'unfollow': {
      const root = await someThread();
      return void (root && (await post('thread.unfollow', { chatId: root.chatId, rootId: root.id })));
    }
    case 'search': {
      const word = text.split(' ').findLast((one) => /^\p{L}{3,}$/u.test(one)) ?? 'friday';
      const input = { workspaceId, query: word, limit: 20 };
      return void (await call(way, token, 'message.search', 'GET', input, ['query_too_common', 'query_too_short']));
    }
    case 'profile': {
      const message = await someMessage();
      const about = message?.sender.id ?? userId;
      return void (await call(way, token, 'user.get', 'GET', { userId: about }));
    }
    case 'status':
      return void (await post('user.setStatus', { emoji: '🌴', text: 'away' }));
    case 'unread':
      return void (await call(way, token, 'chat.list', 'GET', {}));
    case 'reconnect':
      return connect(way, token);
    default:
      return action satisfies never;
  }
}

/** Resolves also with a refusal for one of these reasons. */
function call<T>(
  way: Way,
  token: string,
  procedure: string,
  method: 'GET' | 'POST',
  input: object,
  refusals: readonly string[] = [],
): Promise<T> {
  const text = JSON.stringify({ json: input });
  const query = method === 'GET' ? `?input=${encodeURIComponent(text)}` : '';
  return new Promise((resolve, reject) => {
    const startedAtMs = performance.now();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const path = `/trpc/${procedure}${query}`;
    const asked = request({ agent: way.agent, host: '127.0.0.1', port: way.serverPort, method, path, headers });
    asked.setTimeout(CALL_MAX_MS, () => asked.destroy(new Error(`${procedure} had no response`)));
    asked.on('error', reject);
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => {
        way.onResponse(performance.now() - startedAtMs);
        if (refusals.some((reason) => body.includes(reason))) resolve(undefined as T);
        else if (response.statusCode !== 200)
          reject(new Error(`${procedure}: ${response.statusCode} ${body.slice(0, 200)}`));
        else resolve((JSON.parse(body) as { result: { data: { json: T } } }).result.data.json);
      });
    });
    asked.end(method === 'POST' ? text : undefined);
  });
}

/** Opens a live connection, waits until it is ready, and closes it. */
function connect({ notifyPort, onResponse }: Way, token: string): Promise<void> {
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
        onResponse(performance.now() - startedAtMs);
        resolve();
        stream.removeAllListeners().on('error', () => {});
        asked.removeAllListeners('error').on('error', () => {});
        asked.destroy();
      });
    });
    asked.end();
  });
}
