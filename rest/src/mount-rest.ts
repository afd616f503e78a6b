import {
  callerGone,
  errorResponse,
  expectJson,
  type IsUnavailable,
  hasUtf8Query,
  type Log,
  problemOf,
  refuse,
  type ShellApp,
  type ShellContext,
  type TrpcCall,
} from '@fechatter/service-kit';
import { type AnyTRPCRouter, callTRPCProcedure, type inferRouterContext, TRPCError } from '@trpc/server';
import { wireIssues } from './issue-path.ts';
import { jsonBody } from './json-body.ts';
import { inputOfJson, inputOfTexts } from './read-input.ts';
import { hasBody, plainBeforeParameters, type RestRoute, restRoutes } from './rest-route.ts';
import { shapeOf } from './shape.ts';
import { writerOf } from './write-output.ts';

/** What a context is created from: the same as over tRPC. */
export type RestCall = TrpcCall;

export interface MountRestOptions<Router extends AnyTRPCRouter> {
  readonly router: Router;
  readonly createContext: (call: RestCall) => inferRouterContext<Router> | Promise<inferRouterContext<Router>>;
  readonly prefix?: `/${string}`;
  readonly log: Log;
  readonly isUnavailable?: IsUnavailable;
}

/**
 * Serves a router's queries and mutations as plain HTTP, each at its own route, as `meta.openapi` defines it.
 * Validation, authorisation and limits are the procedure's own: this code only translates. Subscriptions are served
 * elsewhere.
 */
export function mountRest<Router extends AnyTRPCRouter>(
  app: ShellApp,
  { prefix = '/api', ...options }: MountRestOptions<Router>,
): void {
  const methods = new Map<string, string[]>();
  for (const route of plainBeforeParameters(restRoutes(options.router))) {
    if (route.type === 'subscription') continue;
    const { method } = route.meta;
    const path = `${prefix}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    app.on(method, path, handlerOf(route, options));
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])]);
  }
  for (const [path, allowed] of methods)
    app.options(path, (c) => c.body(null, 204, { allow: [...allowed, 'OPTIONS'].join(', ') }));
}

function handlerOf<Router extends AnyTRPCRouter>(route: RestRoute, options: MountRestOptions<Router>) {
  const { router, createContext } = options;
  const rename = route.output && writerOf(shapeOf(route.output, 'output'));
  // Receives a value that the procedure's output schema has accepted.
  const convert = route.meta.rest?.write as ((output: unknown) => unknown) | undefined;
  const { name, type, status } = route;
  const takesBody = hasBody(route);

  return async function rest(c: ShellContext): Promise<Response> {
    const requestId = c.get('requestId');
    const { raw: req } = c.req;
    const resHeaders = new Headers();
    try {
      if (takesBody) expectJson(c);
      const result: unknown = await callTRPCProcedure({
        router,
        path: name,
        type,
        ctx: await createContext({
          req,
          requestId,
          clientAddress: c.get('clientAddress'),
          resHeaders,
          signal: callerGone(c),
        }),
        getRawInput: onlyOnce(() => rawInput(c, route)),
        signal: req.signal,
        batchIndex: 0,
      });
      // A query without inputs never reads its input, so its query string has not been checked yet.
      if (type === 'query' && route.inputs.length === 0) queryOf(c, route);
      if (status === 202 || status === 204) return new Response(null, { status, headers: resHeaders });
      resHeaders.set('content-type', 'application/json');
      const output = convert ? convert(result) : result;
      const text = JSON.stringify(rename ? rename(output) : output);
      if (type === 'query') c.get('responseHold').add(text);
      return new Response(text, { status, headers: resHeaders });
    } catch (error) {
      return refusal(error, { c, route, options, resHeaders });
    }
  };
}

/** The input with the procedure's names, not validated yet. Path parameters take precedence. */
async function rawInput(c: ShellContext, route: RestRoute): Promise<unknown> {
  const { input: shape, pathParameters } = route;
  const parameters = c.req.param() as Readonly<Record<string, string | undefined>>;
  const fromPath = inputOfTexts(shape, (wire) => {
    const text = pathParameters.includes(wire) ? parameters[wire] : undefined;
    return text === undefined ? [] : [text];
  });
  const query = queryOf(c, route);
  if (!hasBody(route)) return { ...inputOfTexts(shape, (wire) => query.getAll(wire)), ...fromPath };
  const body = (await jsonBody(c)) ?? {};
  const isObject = typeof body === 'object' && !Array.isArray(body);
  return isObject ? { ...(inputOfJson(shape, body) as object), ...fromPath } : body;
}

/** The query string. Unknown names are refused: a misspelt filter would otherwise return everything. */
function queryOf(c: ShellContext, { input: shape, pathParameters, ...route }: RestRoute): URLSearchParams {
  if (!hasUtf8Query(c.req.url)) throw refuse('invalid_input', { message: 'The query is not UTF-8.' });
  const query = new URL(c.req.url).searchParams;
  const fields = shape.kind === 'object' && !hasBody(route) ? shape.fields : [];
  const known = new Set(fields.map(({ wire }) => wire).filter((wire) => !pathParameters.includes(wire)));
  const issues = [...new Set(query.keys())]
    .filter((name) => !known.has(name))
    .slice(0, 20)
    .map((name) => ({
      path: [],
      code: 'unrecognized_keys',
      message: `There is no query parameter ${name.slice(0, 100)}.`,
    }));
  if (issues.length > 0) throw refuse('invalid_input', { issues });
  return query;
}

/** A body can be read only once, and middleware may read the input again. */
function onlyOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  return () => (reading ??= read());
}

interface Refused<Router extends AnyTRPCRouter> {
  readonly c: ShellContext;
  readonly route: RestRoute;
  readonly options: Pick<MountRestOptions<Router>, 'log' | 'isUnavailable'>;
  readonly resHeaders: Headers;
}

function refusal<Router extends AnyTRPCRouter>(
  error: unknown,
  { c, route, options: { log, isUnavailable }, resHeaders }: Refused<Router>,
): Response {
  const requestId = c.get('requestId');
  const { issues, ...problem } = problemOf(error, isUnavailable);
  const err = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (problem.reason === 'internal') log.error({ err, requestId, path: route.name }, 'unexpected error');
  else log.debug({ reason: problem.reason, requestId, path: route.name }, 'refused');
  const response = errorResponse({ ...problem, ...(issues && { issues: wireIssues(issues, route.input) }) }, requestId);
  for (const [name, value] of resHeaders) if (!response.headers.has(name)) response.headers.set(name, value);
  return response;
}
