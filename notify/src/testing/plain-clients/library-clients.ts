import { EventSource } from 'eventsource';
import { createEventSource } from 'eventsource-client';
import { createRequire } from 'node:module';
import { EVENT_NAMES, kept, type PlainClient, type PlainEvent, type PlainRequest } from './plain-client.ts';

/** The eventsource package: the browser's API over fetch. */
export async function followByEventsource({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const authorization = `Bearer ${token}`;
  const source = new EventSource(url, {
    fetch: (target, init) => fetch(target, { ...init, headers: { ...init.headers, authorization } }),
  });
  for (const name of EVENT_NAMES)
    source.addEventListener(name, ({ type, data, lastEventId }) =>
      take({ event: type, data: String(data), id: lastEventId }),
    );
  return { ...client, [Symbol.asyncDispose]: async () => source.close() };
}

/** The eventsource-client package: fetch, and an API of its own. */
export async function followByEventsourceClient({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const source = createEventSource({
    url,
    headers: { authorization: `Bearer ${token}` },
    onMessage: ({ event = 'message', data }) => take({ event, data, id: source.lastEventId ?? '' }),
  });
  return { ...client, [Symbol.asyncDispose]: async () => source.close() };
}

interface NodeSource {
  addEventListener(name: string, listener: (event: PlainMessage) => void): void;
  close(): void;
}
interface PlainMessage {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}
type NodeSourceClass = new (url: string, options: object) => NodeSource;

/** The package comes without types. */
const launchdarkly = (): { readonly EventSource: NodeSourceClass } =>
  createRequire(import.meta.url)('launchdarkly-eventsource') as { readonly EventSource: NodeSourceClass };

/** The launchdarkly-eventsource package: Node's http, and a parser of its own. */
export async function followByLaunchdarkly({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const { EventSource: Source } = launchdarkly();
  const source = new Source(url, { headers: { authorization: `Bearer ${token}` } });
  const onEvent = ({ type, data, lastEventId }: PlainMessage): PlainEvent => ({ event: type, data, id: lastEventId });
  for (const name of EVENT_NAMES) source.addEventListener(name, (event) => take(onEvent(event)));
  source.addEventListener('error', () => {});
  return { ...client, [Symbol.asyncDispose]: async () => source.close() };
}
