import type { AnyTRPCRouter } from '@trpc/server';
import { type RestRoute, restRoutes } from '../rest-route.ts';
import type { z } from 'zod';
import type { JsonSchema, OpenApiDocument, Operation } from './open-api.ts';
import { type Draft, operationOf } from './operation.ts';
import { errorSchema } from './refused-responses.ts';
import { SchemaBook } from './schema-book.ts';

export interface OpenApiDocumentOptions {
  readonly router: AnyTRPCRouter;
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** The description of each tag, in the order of the document. */
  readonly tags: Readonly<Record<string, string>>;
  readonly prefix?: `/${string}`;
  /** Routes beside those of the procedures, by path and method; their tags and schemas are those of procedures too. */
  readonly others?: OpenApiDocument['paths'];
  /** The `data` of each kind of event that webhooks send, by the kind. */
  readonly webhooks?: Readonly<Record<string, z.ZodType>>;
}

const number = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } });
const headers = {
  'Retry-After': number('After how many seconds to try again.'),
  'RateLimit-Limit': number('How many calls are allowed in a window.'),
  'RateLimit-Remaining': number('How many of them are left.'),
  'RateLimit-Reset': number('In how many seconds the window ends.'),
};
const bearer = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The `token` of a session, good for 15 minutes; `refresh_token` gets the next one.',
};
const ticket = {
  type: 'apiKey',
  in: 'query',
  name: 'ticket',
  description: 'For a native EventSource, which sends no headers: take one at `POST /api/notifications/tickets`.',
};

/** The OpenAPI document of a router's own routes, derived from its procedures alone. */
export function openApiDocument(options: OpenApiDocumentOptions): OpenApiDocument {
  const { router, title, version, description, tags, prefix = '/api', others = {}, webhooks } = options;
  const routes = restRoutes(router);
  const draft: Draft = { book: new SchemaBook(), sharedResponses: new Map() };
  draft.book.add('Error', errorSchema);
  const paths = pathsOf(routes, prefix, draft);
  const hasLimits = routes.some(({ meta }) => meta.refusals?.includes('rate_limited') === true);
  const hasStreams = routes.some(({ type }) => type === 'subscription');
  return {
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    // Relative to the document's own URL, so that it is also right below a proxy's path.
    servers: [{ url: '.' }],
    security: [{ bearer: [] }],
    tags: tagsOf(routes, tags),
    paths: withOthers(paths, others),
    ...(webhooks !== undefined && { webhooks: webhooksOf(webhooks, draft) }),
    components: {
      schemas: draft.book.named,
      responses: Object.fromEntries([...draft.sharedResponses].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      headers: hasLimits ? headers : { 'Retry-After': headers['Retry-After'] },
      securitySchemes: { bearer, ...(hasStreams && { ticket }) },
    },
  };
}

function pathsOf(routes: readonly RestRoute[], prefix: string, draft: Draft): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = `${prefix}${route.path}`;
    paths[path] = { ...paths[path], [route.meta.method.toLowerCase()]: operationOf(route, draft) };
  }
  return paths;
}

/** What receivers of webhooks get. */
function webhooksOf(kinds: NonNullable<OpenApiDocumentOptions['webhooks']>, { book }: Draft) {
  const operation = (kind: string, schema: z.ZodType): Operation => {
    const { properties: { kind: _, ...properties } = {}, required = [] } = book.ofOutput(schema);
    const data = { type: 'object', properties, required: required.filter((name) => name !== 'kind') };
    const body: JsonSchema = {
      type: 'object',
      properties: { type: { const: kind }, timestamp: { type: 'string', format: 'date-time' }, data },
      required: ['type', 'timestamp', 'data'],
    };
    return {
      operationId: `webhooks.${kind}`,
      summary: `Receive ${kind}`,
      description: 'Verify `webhook-signature` as Standard Webhooks describes; a repeat has the same `webhook-id`.',
      tags: ['webhook'],
      security: [],
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
      responses: {
        204: { description: 'Any status from 200 to 299: received.' },
        410: { description: 'Nothing more is wanted: the webhook is switched off.' },
      },
    };
  };
  return Object.fromEntries(Object.entries(kinds).map(([kind, schema]) => [kind, { post: operation(kind, schema) }]));
}

function withOthers(paths: OpenApiDocument['paths'], others: OpenApiDocument['paths']): OpenApiDocument['paths'] {
  const added = Object.entries(others).map(([path, operations]) => [path, { ...paths[path], ...operations }] as const);
  return { ...paths, ...Object.fromEntries(added) };
}

/** The used tags with their descriptions. */
function tagsOf(routes: readonly RestRoute[], about: Readonly<Record<string, string>>): OpenApiDocument['tags'] {
  const used = new Set(routes.flatMap(({ meta }) => meta.tags));
  const ordered = new Set([...Object.keys(about).filter((tag) => used.has(tag)), ...used]);
  return [...ordered].map((name) => {
    const description = about[name];
    return { name, ...(description !== undefined && { description }) };
  });
}
