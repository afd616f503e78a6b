import { isSignal } from '@fechatter/contract';
import { createParser } from 'eventsource-parser';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { codeOfPlain } from './kinds.ts';
import { Ledger } from './ledger.ts';
import { isStale, type Subscriber, type SubscriberOptions } from './subscriber.ts';

interface PlainData {
  readonly chat_id?: string;
  readonly workspace_id?: string;
  readonly seq?: number;
  readonly type?: string;
  readonly cursor?: string;
  readonly reason?: string;
}

const RETRY_MS = 150;
const SILENT_MS = 20_000;
/** The probability that a delivery is the last of its connection and the bytes behind it are discarded. */
const DROPS = 1 / 150;

/**
 * A client without a library: reads plain SSE with Node's http, changes the instance at every connect, drops
 * connections in the middle of a read, and can stop reading.
 */
export function plainSubscriber(options: SubscriberOptions): Subscriber {
  const { notifies, chance, bearer } = options;
  const ledger = new Ledger(options.name, 'plain', options, options.intake);
  const stopped = new AbortController();
  let lastId: string | undefined;
  let current: IncomingMessage | undefined;
  let refused: string | undefined;
  let isCalm = false;
  let isAsleep = false;

  const take = (event: string, id: string | undefined, text: string, instance: number) => {
    const data = JSON.parse(text) as PlainData;
    // A stream that still waits for the database has no position to send.
    if (event === 'ping') {
      if (id !== undefined) ledger.rest(id);
    } else if (event === 'ready') ledger.ready(data.cursor ?? '');
    else if (isSignal({ kind: event })) {
      if (id !== undefined) ledger.mistakes.push(`a signal with an id: ${id}`);
      ledger.signal(data.chat_id, undefined);
    } else if (event === 'reset') ledger.reset(data.reason ?? '', data.cursor ?? '');
    else {
      const audience = data.chat_id ?? data.workspace_id ?? '';
      ledger.note(codeOfPlain(event, data.type), id ?? '', instance, { audience, seq: data.seq ?? 0 });
    }
    if (id !== undefined) lastId = id;
  };
  const listen = (response: IncomingMessage, instance: number): Promise<void> => {
    let isDropped = false;
    const parser = createParser({
      onEvent: ({ event = 'message', id, data }) => {
        if (isDropped) return;
        take(event, id, data, instance);
        if (isCalm || !chance.hits(DROPS)) return;
        isDropped = true;
        response.destroy();
      },
    });
    response.setEncoding('utf8');
    // `for await` would continue reading while the response is paused.
    response.on('data', (chunk: string) => parser.feed(chunk));
    response.on('error', () => {});
    return new Promise((resolve) => response.once('close', resolve));
  };
  const connectOnce = async (): Promise<void> => {
    const instance = chance.below(notifies.length);
    const token = await bearer(refused);
    if (token === undefined) return ledger.end('session_revoked');
    const headers = { authorization: `Bearer ${token}`, ...(lastId !== undefined && { 'last-event-id': lastId }) };
    ledger.connects += 1;
    const signal = stopped.signal;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = get(`${notifies[instance]?.url}/api/notifications/events`, { headers, signal, agent: false });
      request.setTimeout(SILENT_MS, () => request.destroy(new Error('silent')));
      request.on('response', resolve);
      request.on('error', reject);
    });
    current = response;
    if (response.statusCode === 200) return listen(response, instance);
    const reason = await reasonIn(response);
    if (isStale(reason)) refused = token;
    else if (response.statusCode === 401) ledger.end(reason);
    else if (response.statusCode !== 429) ledger.mistakes.push(`status ${response.statusCode} (${reason})`);
  };
  const running = (async () => {
    while (!stopped.signal.aborted && ledger.endReason === undefined) {
      if (!isAsleep) await connectOnce().catch(() => {});
      await wait(RETRY_MS, undefined, { signal: stopped.signal }).catch(() => {});
    }
  })();

  return {
    ledger,
    readSlowly(forMs) {
      const response = current;
      if (response === undefined) return;
      const end = ledger.slow.begin();
      response.pause();
      setTimeout(() => {
        response.resume();
        end();
      }, forMs);
    },
    sleep() {
      isAsleep = true;
      current?.destroy();
    },
    wake() {
      isAsleep = false;
    },
    async stop() {
      isCalm = true;
      stopped.abort();
      await running;
    },
  };
}

async function reasonIn(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk as string;
  try {
    return (JSON.parse(text) as { error: { reason: string } }).error.reason;
  } catch {
    return text.slice(0, 100);
  }
}
