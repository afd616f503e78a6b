import { initTRPC } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { refuse } from '../errors/refusal.ts';
import { rememberRequestId } from '../errors/request-id-of-error.ts';
import { trpcOptions } from '../errors/trpc-options.ts';
import { listening, silentLog, testConfig } from '../testing/index.ts';
import { mountTrpc, type TrpcCall } from './mount-trpc.ts';
import { createShell } from './shell.ts';

const t = initTRPC.context<Pick<TrpcCall, 'requestId'> & { readonly steps?: number }>().create(trpcOptions());
const counted = t.procedure.use(({ ctx, next }) => next({ ctx: { steps: (ctx.steps ?? 0) + 1 } }));
const at = new Date(0);
const router = t.router({
  message: {
    send: counted
      .use(({ next }) => next())
      .input(z.object({ content: z.string() }))
      .output(z.object({ content: z.string(), createdAt: z.date(), steps: z.number() }))
      .mutation(({ input, ctx }) => ({ ...input, createdAt: at, steps: ctx.steps, hidden: 'a column' })),
    list: counted.input(z.object({ limit: z.number().optional() }).optional()).query(({ input }) => ({ input, at })),
    late: counted
      .use(async ({ next, getRawInput }) => {
        const result = await next();
        return result.ok ? result : Object.assign(result, { raw: await getRawInput() });
      })
      .input(z.object({ n: z.number() }))
      .query(({ input }) => input.n),
  },
  nothing: t.procedure.mutation(() => {}),
  refused: t.procedure.query((): string => {
    throw refuse('chat_not_found');
  }),
  bug: t.procedure.mutation((): string => {
    throw new TypeError('a secret of ours');
  }),
  wrongOutput: t.procedure.output(z.string()).query(() => 7 as never),
  events: t.procedure.subscription(async function* () {
    yield 1;
  }),
});

/** Our handler, and tRPC's own adapter below the same shell. */
async function both() {
  const config = testConfig('server');
  const log = silentLog();
  const shell = () => createShell({ config, log, ready: () => Promise.resolve([]) });
  const ours = shell();
  mountTrpc(ours, { router, createContext: ({ requestId }) => ({ requestId }), log });
  const theirs = shell();
  theirs.all('/trpc/*', (c) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router,
      maxBatchSize: 50,
      allowMethodOverride: true,
      createContext: () => ({ requestId: c.get('requestId') }),
      onError: ({ error }) => rememberRequestId(error, c.get('requestId')),
    }),
  );
  const services = [await listening(ours, config), await listening(theirs, config)] as const;
  return {
    urls: services.map(({ url }) => url),
    [Symbol.asyncDispose]: async () => {
      for (const service of services) await service.close();
    },
  };
}

interface Given extends RequestInit {
  readonly headers?: Record<string, string>;
}

async function responseOf(url: string, path: string, init: Given) {
  const given = { 'content-type': 'application/json', 'x-request-id': 'request-of-a-test' };
  const response = await fetch(`${url}/trpc/${path}`, { ...init, headers: { ...given, ...init.headers } });
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  return { status: response.status, headers, text: await response.text() };
}

const post = (body: unknown): Given => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const query = (path: string, input: unknown) => `${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
const say = { json: { content: 'a\u2028 "text" 😀' } };

test.each<[name: string, path: string, init: Given]>([
  ['a mutation', 'message.send', post(say)],
  [
    'a mutation with marks',
    'message.send',
    post({ json: { content: 'a', more: null }, meta: { values: { more: ['undefined'] } } }),
  ],
  ['a batch of one', 'message.send?batch=1', post({ 0: say })],
  ['a batch', 'message.send,message.send?batch=1', post({ 0: say, 1: say })],
  ['a batch that lacks an input', 'message.send,message.send?batch=1', post({ 1: say })],
  ['a batch, some of it refused', 'message.send,bug,nothing?batch=1', post({ 0: say, 1: say })],
  ['a batch that is a list', 'message.send?batch=1', post([say])],
  ['a batch that is a text', 'message.send?batch=1', post('"x"')],
  ['a batch of two kinds', 'message.send,message.list?batch=1', post({ 0: say })],
  ['a batch with a procedure that is not there', 'message.send,message.none?batch=1', post({ 0: say })],
  ['a batch of as many as there may be', `${Array.from({ length: 20 }, () => 'nothing').join(',')}?batch=1`, post({})],
  ['a response without a value', 'nothing', post('')],
  ['a body that is not JSON', 'message.send', post('{')],
  ['an input of the wrong type', 'message.send', post({ json: { content: 7 } })],
  [
    'marks that superjson would obey',
    'message.send',
    post({ json: { content: 'a' }, meta: { values: { content: ['Date'] } } }),
  ],
  ['a query', query('message.list', { json: { limit: 5 } }), {}],
  ['a query with a plus and escapes', 'message.list?input=%7B%22json%22:+%7B%22limit%22:5%7D%7D', {}],
  ['a query without input', 'message.list', {}],
  ['a batch of queries', `message.list,refused?batch=1&input=${encodeURIComponent('{"0":{"json":{"limit":1}}}')}`, {}],
  ['an input that is not JSON', 'message.list?input=%7B', {}],
  ['a middleware that reads the input afterwards', query('message.late', { json: { n: 'x' } }), {}],
  ['a refusal', 'refused', {}],
  ['a wrong output', 'wrongOutput', {}],
  ['a mistake of ours', 'bug', post('')],
  ['the wrong method', 'message.send', {}],
  ['a query by POST', 'message.list', post({})],
  ['a procedure that is not there', 'message.none', post(say)],
  ['a name of Object', 'constructor', post(say)],
  ['an escaped path', 'message%2Esend', post(say)],
  ['a slash too many', 'message.send/', post(say)],
  ['HEAD', 'message.list', { method: 'HEAD' }],
  ['JSON lines', 'message.list?batch=1', { headers: { accept: 'application/jsonl' } }],
  ['connection parameters', 'message.list?connectionParams=%7B%7D', {}],
  [
    'another content type with the same meaning',
    'message.send',
    { ...post(say), headers: { 'content-type': 'Application/JSON; charset=utf-8' } },
  ],
])('%s gets the same response as from tRPC, byte for byte', async (_, path, init) => {
  await using services = await both();
  const [ours, theirs] = await Promise.all(services.urls.map((url) => responseOf(url, path, init)));
  expect(ours).toEqual(theirs);
});
