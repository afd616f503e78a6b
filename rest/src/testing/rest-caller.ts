import type { OpenApiDocument } from '../document/open-api.ts';
import { responseCheck, type RestResponse } from './response-check.ts';

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Calls by method and path; throws if the response does not match the document. */
export type RestCaller = (call: `${string} /${string}`, options?: CallOptions) => Promise<RestResponse>;

/** A caller that uses only fetch and checks each response against the service's own document. */
export async function restCaller(url: string): Promise<RestCaller> {
  const check = responseCheck(await documentOf(url));
  return async (call, options = {}) => {
    const [method = '', target = ''] = call.split(' ');
    const response = await send(`${url}${target}`, method, options);
    const problems = check({ method, path: target.split('?', 1)[0] ?? '' }, response);
    if (problems.length > 0) throw new Error(`${call} returned ${response.status}: ${problems.join('; ')}`);
    return response;
  };
}

/** The document that a service serves. */
export async function documentOf(url: string): Promise<OpenApiDocument> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;
}

async function send(url: string, method: string, { token, body, headers }: CallOptions): Promise<RestResponse> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  };
}
