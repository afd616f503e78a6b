import { EventSource } from 'eventsource';
import { createEventSource } from 'eventsource-client';
import launchdarkly from 'launchdarkly-eventsource';
import { EVENT_NAMES, kept, type PlainClient, type PlainRequest } from './plain-client.ts';

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

/** The eventsource-client package: fetch, and its own API. */
export async function followByEventsourceClient({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const source = createEventSource({
    url,
    headers: { authorization: `Bearer ${token}` },
    onMessage: ({ event = 'message', data }) => take({ event, data, id: source.lastEventId ?? '' }),
  });
  return { ...client, [Symbol.asyncDispose]: async () => source.close() };
}

/** The launchdarkly-eventsource package: Node's http, and its own parser. */
export async function followByLaunchdarkly({ url, token }: PlainRequest): Promise<PlainClient> {
  const { take, ...client } = kept();
  const source = new launchdarkly.EventSource(url, { headers: { authorization: `Bearer ${token}` } });
  for (const name of EVENT_NAMES)
    source.addEventListener(name, ({ type, data, lastEventId }) => take({ event: type, data, id: lastEventId }));
  source.addEventListener('error', () => {});
  return { ...client, [Symbol.asyncDispose]: async () => source.close() };
}
