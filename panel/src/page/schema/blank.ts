import type { JsonSchema } from '../../panel-document.ts';
import { shaped } from './shape.ts';

export interface BlankOptions {
  readonly root: JsonSchema;
  /** A likely id for a key, from earlier responses. */
  readonly idFor: (key: string) => string | undefined;
}

/** An initial value: the required parts, as short as the schema allows. */
export function blank(schema: JsonSchema, options: BlankOptions, key = ''): unknown {
  const { shape, isNullable, schema: own } = shaped(schema, options.root);
  if (own.default !== undefined) return own.default;
  switch (shape.kind) {
    case 'object': {
      const required = shape.fields.filter(({ isRequired }) => isRequired);
      return Object.fromEntries(required.map(({ name, schema }) => [name, blank(schema, options, name)]));
    }
    case 'array':
      return Array.from({ length: Math.min(shape.minItems, 10) }, () => blank(shape.item, options, singular(key)));
    case 'choice':
      return shape.values[0];
    case 'boolean':
      return false;
    case 'number':
      return Math.max(0, shape.min ?? 0);
    case 'text':
      return shape.format === 'uuid' ? blankId(key, options) : '';
    case 'variants':
      return isNullable || shape.variants[0] === undefined ? null : blank(shape.variants[0], options, key);
    case 'json':
      return null;
    default:
      return shape satisfies never;
  }
}

/** `memberIds` holds user ids; other lists are named after their items. */
export function singular(key: string): string {
  return key === 'memberIds' ? 'userId' : key.replace(/s$/, '');
}

function blankId(key: string, { idFor }: BlankOptions): string {
  // A `clientId` is generated here; `randomUUID` is missing on pages without TLS.
  if (key === 'clientId') return 'randomUUID' in crypto ? crypto.randomUUID() : '';
  return idFor(key) ?? '';
}
