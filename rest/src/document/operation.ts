import { hasBody, type RestRoute } from '../rest-route.ts';
import { wireName } from '../wire-name.ts';
import { exampleOf } from './example.ts';
import type { ResponseObject, JsonSchema, Operation, Parameter } from './open-api.ts';
import { refusedResponses } from './refused-responses.ts';
import type { SchemaBook } from './schema-book.ts';

/** What a document collects while its operations are built. */
export interface Draft {
  readonly book: SchemaBook;
  readonly sharedResponses: Map<string, ResponseObject>;
}

const bearer = { bearer: [] };
const ticket = { ticket: [] };
const limitHeaders = Object.fromEntries(
  ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'].map((name) => [
    name,
    { $ref: `#/components/headers/${name}` },
  ]),
);

/** One procedure as an operation of the document. */
export function operationOf(route: RestRoute, draft: Draft): Operation {
  const { name, type, meta, inputs, status } = route;
  const isProtected = meta.isProtected ?? true;
  const isStream = type === 'subscription';
  const input = inputSchema(route, draft.book);
  const parameters = [...parametersOf(route, input, draft.book), ...(isStream ? [lastEventId] : [])];
  const requestBody = bodyOf(route, input, draft.book);
  const circumstances = { isProtected, hasInput: inputs.length > 0 && !isStream, takesBody: hasBody(route), isStream };
  return {
    operationId: name,
    summary: meta.summary,
    ...(meta.description !== undefined && { description: meta.description }),
    tags: meta.tags,
    ...(!isProtected && { security: [] }),
    ...(isStream && { security: [bearer, ticket] }),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: {
      [status]: isStream ? stream : successOf(route, draft.book),
      ...refusedResponses(meta.refusals ?? [], circumstances, draft.sharedResponses),
    },
  };
}

/** The inputs of a procedure as one object; or the objects of which a body is one. */
interface InputSchema extends Pick<Required<JsonSchema>, 'properties' | 'required'> {
  readonly variants: readonly JsonSchema[];
}

function inputSchema({ inputs }: RestRoute, book: SchemaBook): InputSchema {
  const objects = inputs.map((input) => book.ofInput(input));
  return {
    properties: Object.assign({}, ...objects.map(({ properties }) => properties)) as Record<string, JsonSchema>,
    required: objects.flatMap(({ required = [] }) => required),
    variants: objects.flatMap(({ oneOf = [] }) => oneOf),
  };
}

function parametersOf(
  route: RestRoute,
  { properties, required }: ReturnType<typeof inputSchema>,
  book: SchemaBook,
): Parameter[] {
  const { pathParameters } = route;
  const parameter = (name: string, place: 'path' | 'query'): Parameter => {
    const schema = properties[name] ?? {};
    const isRequired = place === 'path' || required.includes(name);
    // No example for an optional parameter: an explorer that fills its form with examples would send it.
    const example = isRequired && { example: exampleOf(book, schema, name, featureOf(route)) };
    return { name, in: place, required: isRequired, schema: withoutNull(schema), ...example };
  };
  const query = hasBody(route) ? [] : Object.keys(properties).filter((name) => !pathParameters.includes(name));
  return [...pathParameters.map((name) => parameter(name, 'path')), ...query.map((name) => parameter(name, 'query'))];
}

const featureOf = ({ name }: RestRoute) => name.split('.')[0];

/** A parameter in a URL is never null. */
function withoutNull(schema: JsonSchema): JsonSchema {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== 'null');
    return { ...schema, type: types.length === 1 ? types[0] : types };
  }
  const [only, ...others] = schema.anyOf?.filter(({ type }) => type !== 'null') ?? [];
  return only !== undefined && others.length === 0 ? only : schema;
}

function bodyOf(
  route: RestRoute,
  input: ReturnType<typeof inputSchema>,
  book: SchemaBook,
): Operation['requestBody'] | undefined {
  if (input.variants.length > 0) {
    const schema: JsonSchema = { oneOf: [...input.variants] };
    return { required: true, content: { 'application/json': { schema, example: exampleOf(book, schema) } } };
  }
  const isInBody = (name: string) => !route.pathParameters.includes(name);
  const properties = Object.fromEntries(Object.entries(input.properties).filter(([name]) => isInBody(name)));
  if (!hasBody(route) || Object.keys(properties).length === 0) return undefined;
  const required = input.required.filter(isInBody);
  const schema: JsonSchema = { type: 'object', properties, ...(required.length > 0 && { required }) };
  const example = exampleOf(book, schema, '', featureOf(route));
  return { required: required.length > 0, content: { 'application/json': { schema, example } } };
}

function successOf({ status, output, meta }: RestRoute, book: SchemaBook): ResponseObject {
  const headers = meta.refusals?.includes('rate_limited') === true && { headers: limitHeaders };
  if (status === 202 || status === 204 || output === undefined) return { description: 'Done.', ...headers };
  const schema = book.ofOutput(output);
  const content = { 'application/json': { schema, example: exampleOf(book, schema) } };
  return { description: status === 201 ? 'Created.' : 'Success.', ...headers, content };
}

const lastEventId: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  required: false,
  description: `As \`${wireName('lastEventId')}\`; this is what an EventSource sends when it connects again.`,
  schema: { type: 'string' },
};

const stream: ResponseObject = {
  description: 'An endless stream of server-sent events.',
  content: { 'text/event-stream': { schema: { type: 'string' } } },
};
