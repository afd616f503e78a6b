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

const send = async ({ client }: Person, chatId: string, ...contents: string[]) => {
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
  ['something on the way blocks them, and fetch ignores the signal', 'no_answer', never],
] as const)('where %s, all events are polled once and in order, and the status says so', async (_, reason, broken) => {
  const { alice, bob, chatId } = await scene.chatOf('alice', 'bob');
  const { eventCursor } = await bob.client.chat.list.query({});
  await send(alice, chatId, ...numbers(1, 3));
  const phone = await bob.device({ fetch: broken });
  const listening = await listen(phone.client, { since: eventCursor });
  expect(listening.details.at(-1)).toMatchObject({ status: 'live', transport: 'polling', error: { reason } });
  expect(listening.events.at(-1)).toMatchObject({ kind: 'ready', resumed: true });
  for (const content of numbers(4, 12)) {
    await send(alice, chatId, content);
    if (Number(content) % 4 === 0) phone.toNotify.reset();
  }
  expect(await listening.firstContents(12)).toEqual(numbers(1, 12));
  expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  await phone.client.auth.signout.mutate();
  await until(() => listening.statuses.at(-1) === 'ended', 'ended');
  expect(listening.errors).toEqual([]);
});

test('an invalid cursor and a revoked session have the same effect as on a stream', async () => {
  const { bob } = await scene.workspaceOf('bob');
  const phone = await bob.device({ fetch: bodiless });
  const listening = await listen(phone.client, { since: 'nonsense' });
  expect(listening.events.map(({ kind }) => kind)).toEqual(['reset', 'ready']);
  await bob.client.auth.signoutAll.mutate();
  await until(() => listening.errors.length === 1, 'an error');
  expect(listening.errors[0]).toMatchObject({ data: { reason: 'session_revoked' } });
  expect(phone.client.session).toBeNull();
});

test.each([
  ['nothing is there', 'not_found', 404, 'application/json'],
  ['a page comes instead', 'not_a_stream', 200, 'text/html'],
  ['a gateway fails', 'refused', 502, 'text/html'],
] as const)('where %s, the reason is reported after the second failure', async (_, reason, status, type) => {
  const { bob } = await scene.workspaceOf('bob');
  using other = await stranger(status, type);
  const phone = await bob.device({ notifyUrl: other.url });
  const store = createStore(phone.client, { backoff: quick.backoff });
  const reported: (string | undefined)[] = [];
  const error = () => store.connection.getSnapshot().error as { reason?: string; status?: number } | undefined;
  store.connection.subscribe(() => reported.push(error()?.reason));
  await until(() => error() !== undefined, 'reported');
  expect(error()).toMatchObject({ name: 'ConnectionError', reason, status });
  expect(store.connection.getSnapshot().status).toBe('reconnecting');
  store.close();
});

test('the reason why a service refuses streams is reported', async () => {
  await using strict = await world({ FECHATTER_LIMITS_STREAMS_PER_SESSION: '1' });
  const { bob } = await strict.workspaceOf('bob');
  const listening = await listen(bob.client);
  const reported: unknown[] = [];
  bob.client.subscribe({
    since: 'nonsense',
    onEvent: () => {},
    onStatus: (_, details) => reported.push(details.error),
  });
  await until(() => reported.some((error) => error !== undefined), 'reported');
  expect(reported.at(-1)).toMatchObject({ reason: 'refused', refusal: 'too_many_streams' });
  listening.unsubscribe();
});

test('unknown kinds and keys break nothing and hide no gap', async () => {
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
  const listening = await listen(phone.client);
  await until(() => history.getSnapshot().isLoaded, 'loaded');
  await send(alice, chatId, '1', '2', '3', '4');
  expect(await listening.firstContents(3)).toEqual(['1', '3', '4']);
  const shown = () => history.getSnapshot().entries.map(({ content }) => content);
  await until(() => shown().includes('4'), 'shown');
  expect(listening.counts).toMatchObject({ duplicate: 0, gap: 0 });
  expect(store.connection.getSnapshot()).toMatchObject({ status: 'live', error: undefined });
  store.close();
});
