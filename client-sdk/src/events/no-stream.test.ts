import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { until } from '@fechatter/testing/until';
import { createStore } from '../store/create-store.ts';
import { listen } from '../testing/listen.ts';
import { type Person, quick, world } from '../testing/world.ts';

const scene = await world();
afterAll(() => scene[Symbol.asyncDispose]());

const say = async ({ client }: Person, chatId: string, ...contents: string[]) => {
  for (const content of contents) await client.message.send.mutate({ chatId, content });
};
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** A fetch that transforms the responses that are streams. */
const streamsAs =
  (change: (response: Response) => Response): typeof fetch =>
  async (url, init) => {
    const response = await fetch(url, init);
    return response.headers.get('content-type')?.includes('event-stream') === true ? change(response) : response;
  };
/** Like React Native's: responses have no `body`. */
const bodiless = streamsAs((response) => {
  void response.body?.cancel();
  return { ok: true, status: 200, headers: response.headers } as Response;
});
const buffered = streamsAs((response) => {
  void response.body?.cancel();
  return new Response(new ReadableStream(), response);
});
const never: typeof fetch = (url, init) =>
  String(url instanceof Request ? url.url : url).includes('notification.events')
    ? new Promise(() => {})
    : fetch(url, init);

/** A service that is not Fechatter. */
async function stranger(status: number, type: string): Promise<{ readonly url: string } & Disposable> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end('<!doctype html><title>Welcome</title>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.dispose]: () => server.close() };
}

test.each([
  ['fetch has no bodies', 'no_streaming', bodiless],
  ['something on the way holds streams back', 'buffered', buffered],
  ['something on the way does not let them begin, and fetch hears no signal', 'no_answer', never],
] as const)(
  'where %s, events are polled for: all of them, once, in order, and it is said',
  async (_, reason, broken) => {
    const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
    const { eventCursor } = await bob.client.chat.list.query({});
    await say(alice, chatId, ...numbers(1, 3));
    const phone = await bob.device({ fetch: broken });
    const heard = await listen(phone.client, { since: eventCursor });
    expect(heard.told.at(-1)).toMatchObject({ status: 'live', transport: 'polling', error: { reason } });
    expect(heard.events.at(-1)).toMatchObject({ kind: 'ready', resumed: true });
    for (const content of numbers(4, 12)) {
      await say(alice, chatId, content);
      if (Number(content) % 4 === 0) phone.toNotify.reset();
    }
    expect(await heard.said(12)).toEqual(numbers(1, 12));
    expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0 });
    await phone.client.auth.signout.mutate();
    await until(() => heard.statuses.at(-1) === 'ended', 'ended');
    expect(heard.errors).toEqual([]);
  },
);

test('a place that cannot be honoured, and a revoked session, are what they are on a stream', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const phone = await bob.device({ fetch: bodiless });
  const heard = await listen(phone.client, { since: 'nonsense' });
  expect(heard.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
  await bob.client.auth.signoutAll.mutate();
  await until(() => heard.errors.length === 1, 'an error');
  expect(heard.errors[0]).toMatchObject({ data: { reason: 'session_revoked' } });
  expect(phone.client.session).toBeNull();
});

test.each([
  ['nothing is there', 'not_found', 404, 'application/json'],
  ['a page comes instead', 'not_a_stream', 200, 'text/html'],
  ['a gateway fails', 'refused', 502, 'text/html'],
] as const)('where %s, the reason is told after the second failure', async (_, reason, status, type) => {
  const { bob } = await scene.workspaceOf('bob');
  using other = await stranger(status, type);
  const phone = await bob.device({ notifyUrl: other.url });
  const store = createStore(phone.client, { backoff: quick.backoff });
  const told: (string | undefined)[] = [];
  const error = () => store.connection.getSnapshot().error as { reason?: string; status?: number } | undefined;
  store.connection.subscribe(() => told.push(error()?.reason));
  await until(() => error() !== undefined, 'told');
  expect(error()).toMatchObject({ name: 'ConnectionError', reason, status });
  expect(store.connection.getSnapshot().status).toBe('reconnecting');
  store.close();
});

test('what a service refuses streams with is told as well', async () => {
  await using strict = await world({ FECHATTER_LIMITS_STREAMS_PER_SESSION: '1' });
  const { bob } = await strict.workspaceOf('bob');
  const heard = await listen(bob.client);
  const told: unknown[] = [];
  bob.client.subscribe({ since: 'nonsense', onEvent: () => {}, onStatus: (_, details) => told.push(details.error) });
  await until(() => told.some((error) => error !== undefined), 'told');
  expect(told.at(-1)).toMatchObject({ reason: 'refused', refusal: 'too_many_streams' });
  heard.unsubscribe();
});

test('a kind and keys that only a newer service knows break nothing, and hide no gap', async () => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  // The second message arrives as an unknown kind, the third one with unknown keys.
  const future: typeof fetch = async (url, init) => {
    const response = await fetch(url, init);
    if (response.headers.get('content-type')?.includes('event-stream') !== true) return response;
    const frames = new TransformStream<string, string>({
      transform: (text, controller) =>
        controller.enqueue(
          text
            .replaceAll(/"kind":"message\.created"([^\n]*"content":"2")/g, '"kind":"message.dreamt"$1')
            .replaceAll(
              /"kind":"message\.created"([^\n]*"content":"3")/g,
              '"kind":"message.created","mood":{"x":[1]}$1',
            ),
        ),
    });
    const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(frames);
    return new Response(body?.pipeThrough(new TextEncoderStream()) ?? null, response);
  };
  const phone = await bob.device({ fetch: future });
  const store = createStore(phone.client, { backoff: quick.backoff });
  await store.ready;
  const history = store.messages(chatId);
  history.subscribe(() => {});
  const heard = await listen(phone.client);
  await until(() => history.getSnapshot().isLoaded, 'loaded');
  await say(alice, chatId, '1', '2', '3', '4');
  expect(await heard.said(3)).toEqual(['1', '3', '4']);
  const shown = () => history.getSnapshot().entries.map(({ content }) => content);
  await until(() => shown().includes('4'), 'shown');
  expect(heard.counts).toMatchObject({ duplicate: 0, gap: 0 });
  expect(store.connection.getSnapshot()).toMatchObject({ status: 'live', error: undefined });
  store.close();
});
