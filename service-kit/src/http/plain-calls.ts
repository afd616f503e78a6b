import {
  type AnyTRPCProcedure,
  type AnyTRPCRouter,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
} from '@trpc/server';
import { refuse } from '../errors/refusal.ts';
import { superjsonText } from '../wire/superjson-text.ts';
import { callProcedure } from './call-procedure.ts';
import { bodyText, isJsonType, hasUtf8Query } from './json-request.ts';
import { TRPC_PATH } from './shell.ts';
import type { ShellContext } from './shell-env.ts';

/** The calls of a request that has only queries or only mutations of existing procedures. */
export interface PlainCalls {
  readonly calls: readonly { readonly path: string; readonly procedure: AnyTRPCProcedure }[];
  readonly isBatch: boolean;
  /** The text in `?input=`. */
  readonly query: string | null;
}

/** The result of one call: the text of its response, and the error if there was one. */
interface PlainResult {
  readonly text: string;
  readonly status: number;
  readonly error?: TRPCError;
}

const plainPath = /^[\w.]+(?:,[\w.]+)*$/;
const acceptedMethod = { query: 'GET', mutation: 'POST' } as const;

/**
 * Reads a request of the ordinary form: JSON, one call or a batch of one kind. Undefined for anything else
 * (subscriptions, JSON lines, forms, unknown paths, queries by POST), which tRPC's own adapter handles.
 */
export function plainCallsOf(c: ShellContext, router: AnyTRPCRouter): PlainCalls | undefined {
  const { method, headers, url } = c.req.raw;
  if (headers.has('trpc-accept') || headers.get('accept')?.includes('jsonl') || url.includes('#')) return undefined;
  const type = headers.get('content-type');
  if (type === null ? method === 'POST' : !isJsonType(type)) return undefined;
  const path = c.req.path.slice(TRPC_PATH.length + 1);
  if (!plainPath.test(path)) return undefined;
  const start = url.indexOf('?');
  const search = new URLSearchParams(start < 0 ? '' : url.slice(start));
  const isBatch = search.get('batch') === '1';
  if (search.size > Number(search.has('input')) + Number(search.has('batch'))) return undefined;
  const paths = isBatch ? path.split(',') : [path];
  const procedures = router._def.procedures as Readonly<Record<string, AnyTRPCProcedure>>;
  const calls = paths.flatMap((name) => {
    const procedure = Object.hasOwn(procedures, name) ? procedures[name] : undefined;
    return procedure === undefined ? [] : [{ path: name, procedure }];
  });
  const kind = calls[0]?.procedure._def.type;
  const isOfOneKind = calls.length === paths.length && calls.every(({ procedure }) => procedure._def.type === kind);
  if (!isOfOneKind || kind === undefined || kind === 'subscription' || acceptedMethod[kind] !== method)
    return undefined;
  return { calls, isBatch, query: search.get('input') };
}

export interface PlainCallOptions {
  readonly router: AnyTRPCRouter;
  readonly contextOf: () => unknown;
  /** The headers of the response. */
  readonly headers: Headers;
  readonly onError: (error: TRPCError, path: string) => void;
  /** The headers for errors. */
  readonly headersOf: (errors: readonly TRPCError[]) => Iterable<readonly [string, string]>;
}

/**
 * Responds with exactly the bytes of tRPC's fetch adapter, at a fraction of its cost: the adapter creates a Request,
 * joins three AbortSignals and parses the URL three times for every call.
 */
export async function respondToPlainCalls(
  c: ShellContext,
  plain: PlainCalls,
  options: PlainCallOptions,
): Promise<Response> {
  const { router, contextOf, headers, onError, headersOf } = options;
  const config = router._def._config;
  const inputs = once(() => inputsOf(c, plain, (value) => config.transformer.input.deserialize(value) as unknown));
  let ctx: unknown;
  let failure: unknown;
  try {
    ctx = await contextOf();
  } catch (cause) {
    failure = cause;
  }
  const results = await Promise.all(
    plain.calls.map(async ({ path, procedure }, batchIndex): Promise<PlainResult> => {
      const { type } = procedure._def;
      try {
        if (ctx === undefined) throw failure;
        const getRawInput = async () => (await inputs())[batchIndex];
        const data: unknown = await callProcedure(procedure, { path, getRawInput, ctx, type, batchIndex });
        const text = `{"result":{"data":${superjsonText(data)}}}`;
        // A change was made: its result is short, and is never withheld.
        if (type === 'query') c.get('responseHold').add(text);
        return { text, status: 200 };
      } catch (cause) {
        const error = getTRPCErrorFromUnknown(cause);
        onError(error, path);
        const shape = getTRPCErrorShape({ config, error, type, path, input: undefined, ctx });
        return { text: `{"error":${superjsonText(shape)}}`, status: shape.data.httpStatus, error };
      }
    }),
  );
  const [first] = results;
  for (const [name, value] of headersOf(results.flatMap(({ error }) => error ?? []))) headers.append(name, value);
  const status = results.every((result) => result.status === first?.status) ? first?.status : 207;
  const body = plain.isBatch ? `[${results.map(({ text }) => text).join(',')}]` : first?.text;
  return new Response(body, { ...(status !== undefined && { status }), headers });
}

/** The inputs of all calls, by index. */
async function inputsOf(
  c: ShellContext,
  { calls, isBatch, query }: PlainCalls,
  read: (value: unknown) => unknown,
): Promise<readonly unknown[]> {
  const { method, url } = c.req.raw;
  if (method === 'GET' && !hasUtf8Query(url)) throw refuse('invalid_json', { message: 'The query is not UTF-8.' });
  const text = method === 'GET' ? query : await bodyText(c);
  const given: unknown = text ? JSON.parse(text) : undefined;
  if (given === undefined) return [];
  if (!isBatch) return [read(given)];
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TRPCError({ code: 'BAD_REQUEST', message: '"input" needs to be an object when doing a batch call' });
  const byPlace = given as Readonly<Record<number, unknown>>;
  return calls.map((_, place) => (byPlace[place] === undefined ? undefined : read(byPlace[place])));
}

/** A body can be read only once, and every call of a batch needs it; a body that cannot be read is a bad request. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined;
  const readOrRefuse = async () => {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof TRPCError) throw cause;
      throw new TRPCError({ code: 'BAD_REQUEST', cause });
    }
  };
  return () => (reading ??= readOrRefuse());
}
