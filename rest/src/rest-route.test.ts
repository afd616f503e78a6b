import { type OpenApiMeta, trpcOptions } from '@fechatter/service-kit';
import { initTRPC } from '@trpc/server';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { plainBeforeParameters, restRoutes } from './rest-route.ts';

const t = initTRPC.meta<{ openapi: OpenApiMeta }>().create(trpcOptions());
const openapi: OpenApiMeta = { method: 'GET', path: '/things/{thing_id}', summary: 'Look', tags: [] };
const thing = t.procedure.meta({ openapi }).input(z.object({ thingId: z.string() }));
const list = { ...openapi, path: '/things' } as const;
const free = t.procedure.meta({ openapi: list }).input(z.record(z.string(), z.string()));
const seen = thing.output(z.string()).query(() => 'seen');

test('a route without parameters comes before one that would match it', () => {
  const first = t.procedure.meta({ openapi: { ...openapi, path: '/things/first' } }).output(z.string());
  const routes = plainBeforeParameters(restRoutes(t.router({ seen, first: first.query(() => '') })));
  expect(routes.map(({ name }) => name)).toEqual(['first', 'seen']);
});

test.each([
  ['meta', t.procedure.output(z.string()).query(() => ''), /\.meta\(\{ openapi \}\)/],
  ['an output', thing.query(() => ''), /must have an \.output/],
  ['a status of its own for no output', thing.output(z.void()).query(() => {}), /204/],
  [
    'its path’s parameters in the input',
    t.procedure
      .meta({ openapi })
      .output(z.string())
      .query(() => ''),
    /thing_id/,
  ],
  ['an input with keys', free.output(z.string()).query(() => ''), /its input must be an object/],
  ['what JSON can carry', thing.output(z.map(z.string(), z.string())).query(() => new Map()), /map/],
])('a procedure without %s is refused at start', (_, procedure, message) => {
  expect(() => restRoutes(t.router({ procedure }))).toThrow(message);
});

test('two procedures with one route are refused at start', () => {
  expect(() => restRoutes(t.router({ seen, again: seen }))).toThrow('again: seen has the same method and path');
});
