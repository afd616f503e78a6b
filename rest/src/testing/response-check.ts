import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchema, OpenApiDocument } from '../document/open-api.ts';

/** The response to a call. */
export interface RestResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}
interface RestRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}
/** How a response violates the document; empty if it does not. */
export type ResponseCheck = (request: RestRequest, response: RestResponse) => readonly string[];

const pointer = (...keys: readonly (string | number)[]) =>
  keys.map((key) => `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Checks responses against a document, more strictly than it demands: a key that it does not name is wrong too. */
export function responseCheck(document: OpenApiDocument): ResponseCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(closed(document) as JsonSchema, 'document');
  const isValid = (body: unknown, place: string): readonly string[] => {
    const validate = ajv.getSchema(`document#${place}`);
    if (validate === undefined) return [`the document has no schema at ${place}`];
    return validate(body) === true ? [] : [ajv.errorsText(validate.errors)];
  };
  const errorPlace = pointer('components', 'schemas', 'Error');

  return ({ method, path }, { status, headers, body }) => {
    if (headers.get('x-request-id') === null) return ['there is no x-request-id'];
    const template = templateOf(document, path);
    const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
    if (template === undefined || operation === undefined)
      return status === 404 || status === 405
        ? isValid(body, errorPlace)
        : [`${method} ${path} is not in the document`];
    const documented = operation.responses[status];
    if (documented === undefined) return [`${status} is not documented: ${JSON.stringify(body)}`];
    if (status === 204) return body === undefined ? [] : ['there is a body'];
    if (headers.get('content-type') !== 'application/json') return ['it is not JSON'];
    if (status >= 400) return isValid(body, errorPlace);
    const place = pointer('paths', template, method.toLowerCase(), 'responses', status);
    return isValid(body, `${place}${pointer('content', 'application/json', 'schema')}`);
  };
}

const parameters = (template: string) => template.split('{').length;

/** The path template that matches a path; the one with the fewest parameters. */
function templateOf({ paths }: OpenApiDocument, path: string): string | undefined {
  const fits = (template: string) => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
  return Object.keys(paths)
    .filter(fits)
    .toSorted((a, b) => parameters(a) - parameters(b))[0];
}

/** A copy of a schema in which objects allow no additional keys. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return copy.type === 'object' && 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
}
