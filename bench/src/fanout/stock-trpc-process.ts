import { serve } from '@hono/node-server';
import { initTRPC, tracked } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono } from 'hono';
import { EventEmitter, on } from 'node:events';
import superjson from 'superjson';

// tRPC as documented: a generator over an event emitter, through the fetch adapter in Hono.

interface Published {
  readonly token: string;
  readonly event: unknown;
}

const emitter = new EventEmitter().setMaxListeners(0);
const t = initTRPC.create({ transformer: superjson, sse: { ping: { enabled: true, intervalMs: 15_000 } } });
const router = t.router({
  events: t.procedure
    .input((value: unknown) => value as { readonly room: number })
    .subscription(async function* ({ input, signal }) {
      const published = on(emitter, `room ${input.room}`, signal === undefined ? {} : { signal });
      for await (const [{ token, event }] of published as AsyncIterable<[Published]>) yield tracked(token, event);
    }),
});

const app = new Hono();
app.get('/ready', (c) => {
  globalThis.gc?.();
  return c.body(null, 204);
});
app.post('/pub', async (c) => {
  const { token, event } = superjson.parse<Published>(await c.req.text());
  emitter.emit(`room ${c.req.query('id')}`, { token, event });
  return c.body(null, 204);
});
app.all('/trpc/*', (c) => fetchRequestHandler({ endpoint: '/trpc', req: c.req.raw, router }));
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
process.once('disconnect', () => process.exit());
