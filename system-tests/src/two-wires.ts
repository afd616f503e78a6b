import type { Reason } from '@fechatter/contract';
import { procedures as notifyProcedures } from '@fechatter/notify';
import { procedures as serverProcedures } from '@fechatter/server';
import superjson, { type SuperJSONResult } from 'superjson';

/** A procedure on both wires. */
export interface ProcedureFacts {
  /** The tRPC name: `message.send`. */
  readonly path: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly method: string;
  /** Below /api, parameters in braces. */
  readonly restPath: string;
  readonly inputs: readonly unknown[];
}

/** A response in the same form for both wires. */
export interface WireResponse {
  readonly status: number;
  /** 'ok', or why not. */
  readonly reason: Reason | 'ok';
  readonly headers: Headers;
  /** The result of tRPC, or the JSON of REST. */
  readonly result: unknown;
}

export interface WireCall {
  readonly path: string;
  readonly input?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Urls {
  readonly serverUrl: string;
  readonly notifyUrl: string;
}
interface Definition {
  readonly type: ProcedureFacts['type'];
  readonly inputs: readonly unknown[];
  readonly meta: { readonly openapi: { readonly method: string; readonly path: string } };
}

/** Every procedure of both services. */
export const everyProcedure: readonly ProcedureFacts[] = Object.entries({
  ...serverProcedures,
  ...notifyProcedures,
}).flatMap(([feature, record]) =>
  Object.entries(record as Record<string, { _def: unknown }>).map(([verb, { _def }]) => {
    const { type, inputs, meta } = _def as Definition;
    const { method, path } = meta.openapi;
    return { path: `${feature}.${verb}`, type, method, restPath: path, inputs };
  }),
);

/** One procedure by its name. */
export function procedureOf(path: string): ProcedureFacts {
  const facts = everyProcedure.find((procedure) => procedure.path === path);
  if (facts === undefined) throw new Error(`no such procedure: ${path}`);
  return facts;
}

/** The URL of a procedure's service. */
export const urlOf = ({ serverUrl, notifyUrl }: Urls, path: string): string =>
  Object.hasOwn(notifyProcedures, path.split('.')[0] ?? '') ? notifyUrl : serverUrl;

const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

/** Calls over tRPC, without a client library. */
export async function overTrpc(urls: Urls, { path, input, token, headers }: WireCall): Promise<WireResponse> {
  const base = `${urlOf(urls, path)}/trpc/${path}`;
  const text = JSON.stringify(superjson.serialize(input));
  const own = { ...bearer(token), ...headers };
  const response =
    procedureOf(path).type === 'query'
      ? await fetch(`${base}?input=${encodeURIComponent(text)}`, { headers: own })
      : await fetch(base, { method: 'POST', headers: { 'content-type': 'application/json', ...own }, body: text });
  const body = (await response.json()) as {
    result?: { data?: SuperJSONResult };
    error?: { json: { data: { reason: Reason } } };
  };
  const result: unknown = body.result?.data && superjson.deserialize(body.result.data);
  return { status: response.status, reason: body.error?.json.data.reason ?? 'ok', headers: response.headers, result };
}

/** Calls over REST: the same input with REST's names. */
export async function overRest(urls: Urls, { path, input, token, headers }: WireCall): Promise<WireResponse> {
  const { method, restPath } = procedureOf(path);
  const fields = (wireOf(input) ?? {}) as Record<string, unknown>;
  const target = restPath.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name];
    delete fields[name];
    return encodeURIComponent(String(value));
  });
  const hasBody = method !== 'GET' && method !== 'DELETE';
  // A list becomes its key repeated for each entry.
  const pairs = Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
  const query = hasBody ? '' : `?${new URLSearchParams(pairs).toString()}`;
  const response = await fetch(`${urlOf(urls, path)}/api${target}${query}`, {
    method,
    headers: { ...bearer(token), ...(hasBody && { 'content-type': 'application/json' }), ...headers },
    ...(hasBody && { body: JSON.stringify(fields) }),
  });
  const text = await response.text();
  const result = text === '' ? undefined : (JSON.parse(text) as unknown);
  const error = response.ok ? undefined : (result as { error: { reason: Reason } }).error;
  return { status: response.status, reason: error?.reason ?? 'ok', headers: response.headers, result };
}

/** Both wires, for tests of both. */
export const wires = { tRPC: overTrpc, REST: overRest } as const;

const wireName = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function wireOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireOf);
  if (typeof value !== 'object' || value === null) return value;
  // The keys of a passkey are the browser's, on both wires.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [wireName(key), key === 'passkey' ? inner : wireOf(inner)]),
  );
}
