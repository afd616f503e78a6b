import type { OpenApiMeta } from '@fechatter/service-kit';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import { mergedShape, type Shape, shapeOf } from './shape.ts';

/** A procedure as REST serves it, derived from the procedure alone. */
export interface RestRoute {
  /** As tRPC calls it: `message.send`. */
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  readonly meta: OpenApiMeta;
  /** Below the prefix, parameters in braces. */
  readonly path: string;
  readonly pathParameters: readonly string[];
  readonly status: 200 | 201 | 202 | 204;
  readonly inputs: readonly z.ZodType[];
  readonly input: Shape;
  /** Undefined for a subscription: what it yields has no schema. */
  readonly output: z.ZodType | undefined;
}

/** tRPC's definition of a procedure; `output` exists at run time but not in tRPC's type. */
interface ProcedureDefinition {
  readonly type: RestRoute['type'];
  readonly meta?: { readonly openapi?: OpenApiMeta; readonly cost?: unknown };
  readonly inputs: readonly unknown[];
  readonly output?: unknown;
}

/** The routes of all procedures of a router, in its order. */
export function restRoutes(router: AnyTRPCRouter): readonly RestRoute[] {
  const procedures: Readonly<Record<string, AnyTRPCProcedure>> = router._def.procedures;
  const routes = Object.entries(procedures).map(([name, procedure]) =>
    restRoute(name, procedure._def as ProcedureDefinition),
  );
  refuseTwins(routes);
  return routes;
}

const rank = ({ path }: RestRoute) => path.replaceAll('{', '\u{10ffff}');

/** The same routes, with literal paths before parameterised ones that would match them too. */
export function plainBeforeParameters(routes: readonly RestRoute[]): readonly RestRoute[] {
  return routes.toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))));
}

/** Whether the input comes in the body; otherwise it comes in the query. */
export function hasBody({ meta: { method } }: Pick<RestRoute, 'meta'>): boolean {
  return method !== 'GET' && method !== 'DELETE';
}

function restRoute(name: string, { type, meta, inputs, output }: ProcedureDefinition): RestRoute {
  const openapi = meta?.openapi;
  if (openapi === undefined) throw new Error(`${name}: a procedure must define its REST route in .meta({ openapi })`);
  const schemas = inputs.map((input) => zodSchema(name, input));
  const refusals = new Set(openapi.refusals);
  // A procedure with a cost can be refused by the rate limit.
  if (meta?.cost !== undefined) refusals.add('rate_limited');
  const route: RestRoute = {
    name,
    type,
    meta: { ...openapi, refusals: [...refusals] },
    path: openapi.path,
    pathParameters: [...openapi.path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter]) => parameter ?? []),
    status: openapi.successStatus ?? 200,
    inputs: schemas,
    input: mergedShape(schemas.map((schema) => shapeOf(schema, 'input'))),
    output: openapi.rest?.output ?? (output === undefined ? undefined : zodSchema(name, output)),
  };
  refuseNonsense(route);
  return route;
}

function zodSchema(name: string, schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new Error(`${name}: its input and output must be zod schemas`);
}

function refuseNonsense({ name, type, output, status, pathParameters, input }: RestRoute): void {
  const fields = input.kind === 'object' ? input.fields.map(({ wire }) => wire) : [];
  const stray = pathParameters.find((parameter) => !fields.includes(parameter));
  if (stray !== undefined) throw new Error(`${name}: {${stray}} in its path is not in its input`);
  if (input.kind !== 'object' && input.kind !== 'nothing') throw new Error(`${name}: its input must be an object`);
  if (type === 'subscription') return;
  if (output === undefined) throw new Error(`${name}: a procedure must have an .output`);
  const isEmpty = shapeOf(output, 'output').kind === 'nothing';
  if (isEmpty !== (status === 202 || status === 204))
    throw new Error(`${name}: statuses 202 and 204 are for responses without a body, and for no others`);
}

function refuseTwins(routes: readonly RestRoute[]): void {
  const names = new Map<string, string>();
  for (const { name, meta, path } of routes) {
    const place = `${meta.method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
    const twin = names.get(place);
    if (twin !== undefined) throw new Error(`${name}: ${twin} has the same method and path`);
    names.set(place, name);
  }
}
