import type { JsonSchema } from '../../panel-document.ts';

/** How a value is edited. */
export type Shape =
  | { readonly kind: 'object'; readonly fields: readonly ObjectField[] }
  | { readonly kind: 'array'; readonly item: JsonSchema; readonly minItems: number; readonly maxItems: number }
  | { readonly kind: 'choice'; readonly values: readonly unknown[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'number'; readonly isInteger: boolean; readonly min?: number; readonly max?: number }
  | { readonly kind: 'text'; readonly format?: string; readonly minLength: number; readonly maxLength?: number }
  | { readonly kind: 'variants'; readonly variants: readonly JsonSchema[] }
  | { readonly kind: 'json' };

export interface ObjectField {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

export interface Shaped {
  readonly shape: Shape;
  readonly isNullable: boolean;
  readonly schema: JsonSchema;
}

const REF_DEPTH_MAX = 20;
/** zod writes the safe range of integers where none was given. */
const isMeant = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

/** The shape of a schema, with references resolved and `null` set apart. */
export function shaped(given: JsonSchema, root: JsonSchema): Shaped {
  const schema = withoutAllOf(resolved(given, root), root);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    const others = options.filter(({ type }) => type !== 'null');
    const isNullable = others.length < options.length;
    const [only] = others;
    if (only !== undefined && others.length === 1) {
      const inner = shaped(only, root);
      return { ...inner, isNullable: isNullable || inner.isNullable };
    }
    return { shape: { kind: 'variants', variants: others }, isNullable, schema };
  }
  if (Array.isArray(schema.type)) {
    const types = (schema.type as readonly string[]).filter((type) => type !== 'null');
    const shape = types.length === 1 ? shapeOf({ ...schema, type: types[0] ?? '' }) : ({ kind: 'json' } as const);
    return { shape, isNullable: types.length < schema.type.length, schema };
  }
  return { shape: shapeOf(schema), isNullable: schema.type === 'null', schema };
}

function resolved(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  if (schema.$ref === undefined || depth > REF_DEPTH_MAX) return schema;
  if (schema.$ref === '#') return root;
  const target = root.$defs?.[schema.$ref.replace('#/$defs/', '')];
  return target ? resolved(target, root, depth + 1) : {};
}

function withoutAllOf(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (!schema.allOf) return schema;
  const { allOf, ...own } = schema;
  return [...allOf.map((part) => resolved(part, root)), own].reduce((left, right) => ({
    ...left,
    ...right,
    ...((left.properties ?? right.properties) && { properties: { ...left.properties, ...right.properties } }),
    ...((left.required ?? right.required) && { required: [...(left.required ?? []), ...(right.required ?? [])] }),
  }));
}

function shapeOf(schema: JsonSchema): Shape {
  if (schema.enum) return { kind: 'choice', values: schema.enum };
  if (schema.const !== undefined) return { kind: 'choice', values: [schema.const] };
  const { minimum, maximum, format, minLength = 0, maxLength } = schema;
  switch (schema.type) {
    case 'object':
      return schema.properties ? { kind: 'object', fields: fieldsOf(schema) } : { kind: 'json' };
    case 'array':
      return {
        kind: 'array',
        item: schema.items ?? {},
        minItems: schema.minItems ?? 0,
        maxItems: schema.maxItems ?? Infinity,
      };
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
    case 'number':
      return {
        kind: 'number',
        isInteger: schema.type === 'integer',
        ...(isMeant(minimum) && { min: minimum }),
        ...(isMeant(maximum) && { max: maximum }),
      };
    case 'string':
      return {
        kind: 'text',
        minLength,
        ...(format !== undefined && { format }),
        ...(maxLength !== undefined && { maxLength }),
      };
    default:
      return { kind: 'json' };
  }
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema): readonly ObjectField[] {
  return Object.entries(properties).map(([name, schema]) => ({ name, schema, isRequired: required.includes(name) }));
}

/** Whether a value can be edited in this shape; if not, it is edited as JSON. */
export function fits(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'choice':
      return shape.values.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'number':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'variants':
    case 'json':
      return true;
    default:
      return shape satisfies never;
  }
}
