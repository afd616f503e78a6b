import * as contract from '@fechatter/contract';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Side } from '../shape.ts';
import { wireName } from '../wire-name.ts';
import type { JsonSchema } from './open-api.ts';

const REF = '#/components/schemas/';

/** Gives the nouns of the contract their names in the document. */
const nouns = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(contract))
  if (schema instanceof z.ZodObject || schema instanceof z.ZodEnum) nouns.add(schema, { id });

/** Schemas in REST's form; a named one is written once and referred to. */
export class SchemaBook {
  readonly #named = new Map<string, JsonSchema>();

  /** Every schema that was referred to, by its name. */
  get named(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The schema of a response with REST's names, or a reference to it. */
  ofOutput(schema: z.ZodType): JsonSchema {
    const { $defs = {}, $schema: _, ...root } = toJsonSchema(schema, 'output');
    for (const [name, def] of Object.entries($defs)) this.add(name, onWire(def));
    return onWire(root);
  }

  /**
   * The schema of an input with REST's names; never a reference, because its keys are split over path, query and body.
   */
  ofInput(schema: z.ZodType): JsonSchema {
    const { $defs = {}, $schema: _, ...root } = toJsonSchema(schema, 'input');
    const own = nouns.get(schema)?.id ?? '';
    for (const [name, def] of Object.entries($defs)) if (name !== own) this.add(name, onWire(def));
    return onWire($defs[own] ?? root);
  }

  /** Adds a schema under a name. */
  add(name: string, schema: JsonSchema): JsonSchema {
    const known = this.#named.get(name);
    if (known !== undefined && !isDeepStrictEqual(known, schema))
      throw new Error(`the schema ${name} means two things; give one of them a name of its own`);
    this.#named.set(name, schema);
    return { $ref: `${REF}${name}` };
  }

  /** Resolves a reference to its schema and name; returns any other schema unchanged. */
  resolved(schema: JsonSchema): { readonly schema: JsonSchema; readonly name?: string } {
    if (schema.$ref === undefined) return { schema };
    const name = schema.$ref.slice(REF.length);
    return { schema: this.#named.get(name) ?? {}, name };
  }
}

/** zod returns JSON Schema 2020-12, whose keywords are those of JsonSchema. */
function toJsonSchema(schema: z.ZodType, side: Side) {
  return z.toJSONSchema(schema, {
    io: side,
    metadata: nouns,
    unrepresentable: ({ zodSchema }) =>
      zodSchema._zod.def.type === 'date' ? { type: 'string', format: 'date-time' } : 'any',
  }) as JsonSchema & { readonly $defs?: Readonly<Record<string, JsonSchema>> };
}

const isSafeBound = (bound: number | undefined) => bound !== undefined && Math.abs(bound) === Number.MAX_SAFE_INTEGER;

/**
 * Applies REST's names and references, and removes what only zod needs. Response schemas allow additional keys, because
 * clients must expect new ones.
 */
function onWire(schema: JsonSchema): JsonSchema {
  const wire: JsonSchema = { ...schema };
  if (wire.$ref !== undefined) wire.$ref = wire.$ref.replace('#/$defs/', REF);
  if (wire.properties) wire.properties = renamed(wire.properties);
  if (wire.required) wire.required = wire.required.map(wireName);
  if (wire.items) wire.items = onWire(wire.items);
  for (const keyword of ['anyOf', 'oneOf', 'allOf'] as const)
    if (wire[keyword]) wire[keyword] = wire[keyword].map(onWire);
  if (wire.additionalProperties === false) delete wire.additionalProperties;
  else if (typeof wire.additionalProperties === 'object') wire.additionalProperties = onWire(wire.additionalProperties);
  if (wire.format !== undefined) delete wire.pattern;
  if (isSafeBound(wire.minimum)) delete wire.minimum;
  if (isSafeBound(wire.maximum)) delete wire.maximum;
  return wire;
}

function renamed(properties: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [wireName(name), onWire(schema)]));
}
