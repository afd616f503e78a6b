import type { z } from 'zod';
import { wireName } from './wire-name.ts';

/**
 * What REST needs to know of a schema: the keys of its objects, and the type of each query parameter. It is derived
 * from the procedure's schema and never changes it; the procedure itself validates.
 */
export type Shape =
  | { readonly kind: 'object'; readonly fields: readonly Field[]; readonly hasFreeKeys: boolean }
  | { readonly kind: 'array'; readonly item: Shape }
  | { readonly kind: 'record'; readonly value: Shape }
  | { readonly kind: 'number' | 'boolean' | 'text' | 'nothing' };

interface Field {
  readonly name: string;
  /** The key in snake_case. */
  readonly wire: string;
  readonly shape: Shape;
}

/** Selects the input or the output of a schema that transforms. */
export type Side = 'input' | 'output';

const NOTHING: Shape = { kind: 'nothing' };
const TEXT: Shape = { kind: 'text' };

/** `$ZodTypes` is the union of all of zod's own schemas; no others are used here. */
const defOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;

/** The shape of a schema. Throws at start for a schema that cannot be carried over JSON or renamed by keys. */
export function shapeOf(schema: z.core.$ZodType, side: Side): Shape {
  const def = defOf(schema);
  switch (def.type) {
    case 'object':
      return objectShape(def, side);
    case 'array':
      return { kind: 'array', item: shapeOf(def.element, side) };
    case 'record':
      return { kind: 'record', value: shapeOf(def.valueType, side) };
    case 'union':
      return def.options.map((option) => shapeOf(option, side)).reduce(merged, NOTHING);
    case 'intersection':
      return merged(shapeOf(def.left, side), shapeOf(def.right, side));
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return shapeOf(def.innerType, side);
    case 'pipe':
      return shapeOf(side === 'input' ? def.in : def.out, side);
    default:
      return scalarShape(def);
  }
}

function objectShape(def: z.core.$ZodObjectDef, side: Side): Shape {
  const fields = Object.entries(def.shape).map(([name, schema]) => ({
    name,
    wire: wireName(name),
    shape: shapeOf(schema, side),
  }));
  const rest = def.catchall && defOf(def.catchall).type;
  return { kind: 'object', fields, hasFreeKeys: rest !== undefined && rest !== 'never' };
}

function scalarShape(def: z.core.$ZodTypes['_zod']['def']): Shape {
  switch (def.type) {
    case 'number':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'literal':
      return def.values.map(valueShape).reduce(merged, NOTHING);
    case 'enum':
      return Object.values(def.entries).map(valueShape).reduce(merged, NOTHING);
    case 'string':
    case 'template_literal':
    case 'date':
    case 'any':
    case 'unknown':
    case 'custom':
    case 'transform':
      return TEXT;
    case 'null':
    case 'undefined':
    case 'void':
    case 'never':
      return NOTHING;
    default:
      throw new Error(`REST cannot carry a schema of type ${def.type}`);
  }
}

function valueShape(value: unknown): Shape {
  if (typeof value === 'number') return { kind: 'number' };
  if (typeof value === 'boolean') return { kind: 'boolean' };
  return value === null || value === undefined ? NOTHING : TEXT;
}

/** One shape for two alternatives: an object has the keys of both, and a value that may be text stays text. */
function merged(left: Shape, right: Shape): Shape {
  if (left.kind === 'nothing') return right;
  if (right.kind === 'nothing') return left;
  if (left.kind === 'object' && right.kind === 'object') {
    const fields = new Map(left.fields.map((field) => [field.name, field]));
    for (const field of right.fields) {
      const twin = fields.get(field.name);
      fields.set(field.name, twin ? { ...field, shape: merged(twin.shape, field.shape) } : field);
    }
    return { kind: 'object', fields: [...fields.values()], hasFreeKeys: left.hasFreeKeys || right.hasFreeKeys };
  }
  if (left.kind === 'array' && right.kind === 'array') return { kind: 'array', item: merged(left.item, right.item) };
  if (left.kind === 'record' && right.kind === 'record')
    return { kind: 'record', value: merged(left.value, right.value) };
  if (isStructure(left)) return isStructure(right) ? mixed(left, right) : left;
  if (isStructure(right)) return right;
  return left.kind === right.kind ? left : TEXT;
}

const isStructure = ({ kind }: Shape) => kind === 'object' || kind === 'array' || kind === 'record';

function mixed(left: Shape, right: Shape): never {
  throw new Error(`REST cannot tell ${left.kind} and ${right.kind} apart in one place`);
}

/** The shape of several inputs that tRPC merges into one. */
export function mergedShape(shapes: readonly Shape[]): Shape {
  return shapes.reduce(merged, NOTHING);
}
