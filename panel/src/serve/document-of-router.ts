import type { OpenApiMeta } from '@fechatter/service-kit';
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import { z } from 'zod';
import type { JsonSchema, PanelDocument, PanelProcedure } from '../panel-document.ts';

/** tRPC's definition of a procedure; `output` exists at run time but not in tRPC's type. */
interface ProcedureDefinition {
  readonly type: PanelProcedure['type'];
  readonly meta?: { readonly openapi?: OpenApiMeta };
  readonly inputs: readonly unknown[];
  readonly output?: unknown;
}

/** The description of a router, derived from its procedures alone. */
export function documentOfRouter(service: string, router: AnyTRPCRouter): PanelDocument {
  const procedures: Readonly<Record<string, AnyTRPCProcedure>> = router._def.procedures;
  return {
    service,
    procedures: Object.entries(procedures).map(([name, { _def }]) => described(name, _def as ProcedureDefinition)),
  };
}

function described(name: string, { type, meta, inputs, output }: ProcedureDefinition): PanelProcedure {
  const openapi = meta?.openapi;
  const schemas = inputs.filter((input) => input instanceof z.ZodType);
  const input = schemas.map((schema) => jsonSchema(schema, 'input')).reduce(merged, undefined);
  return {
    name,
    type,
    summary: openapi?.summary ?? name,
    ...(openapi?.description !== undefined && { description: openapi.description }),
    ...(openapi && { rest: `${openapi.method} /api${openapi.path}` }),
    isProtected: openapi?.isProtected ?? true,
    refusals: openapi?.refusals ?? [],
    ...(input && { input }),
    isInputOptional: schemas.every((schema) => schema.safeParse(undefined).success),
    ...(output instanceof z.ZodType && !isNothing(output) && { output: jsonSchema(output, 'output') }),
  };
}

const isNothing = (schema: z.ZodType) => schema instanceof z.ZodVoid || schema instanceof z.ZodUndefined;

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...written } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: target }) {
      if (zodSchema._zod.def.type === 'date') Object.assign(target, { type: 'string', format: 'date-time' });
    },
  });
  return written as JsonSchema;
}

/** tRPC merges the inputs of a chain of procedures: an object has the keys of all of them. */
function merged(left: JsonSchema | undefined, right: JsonSchema): JsonSchema {
  if (left?.properties === undefined || right.properties === undefined) return right;
  return {
    ...left,
    ...right,
    properties: { ...left.properties, ...right.properties },
    required: [...new Set([...(left.required ?? []), ...(right.required ?? [])])],
    ...((left.$defs ?? right.$defs) && { $defs: { ...left.$defs, ...right.$defs } }),
  };
}
