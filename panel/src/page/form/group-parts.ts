import type { JsonSchema } from '../../panel-document.ts';
import { button, el } from '../element.ts';
import { singular } from '../schema/blank.ts';
import { fits, type Shape, shaped } from '../schema/shape.ts';
import { ABSENT, controlId, type FieldContext, type FieldPlace } from './field-context.ts';

/** The fields inside an object, list or variant. */
export function groupParts(context: FieldContext, place: FieldPlace, shape: Shape): HTMLElement[] {
  if (shape.kind === 'object') return objectParts(context, place, shape);
  if (shape.kind === 'array') return arrayParts(context, place, shape);
  return shape.kind === 'variants' ? variantParts(context, place, shape.variants) : [];
}

/** The present fields, then a button for each optional one. */
function objectParts(context: FieldContext, place: FieldPlace, { fields }: Shape & { kind: 'object' }): HTMLElement[] {
  const value = place.value as Readonly<Record<string, unknown>>;
  const below = (name: string) => [...place.path, name];
  const present = fields
    .filter(({ name, isRequired }) => isRequired || Object.hasOwn(value, name))
    .map(({ name, schema, isRequired }) => {
      const given = Object.hasOwn(value, name) ? value[name] : null;
      const leaveOut = () => context.reshape(below(name), ABSENT, below(name));
      return context.field({
        label: name,
        key: name,
        schema,
        path: below(name),
        value: given,
        ...(!isRequired && { leaveOut }),
      });
    });
  const absent = fields
    .filter(({ name, isRequired }) => !isRequired && !Object.hasOwn(value, name))
    .map(({ name, schema }) => {
      const add = () => context.reshape(below(name), context.blank(schema, name), below(name));
      return button(`+ ${name}`, add, { id: controlId(below(name)), 'aria-label': `Add ${name}` });
    });
  const others = Object.keys(value).filter((key) => !fields.some(({ name }) => name === key));
  return [
    ...present,
    ...(absent.length > 0 ? [el('div', { class: 'additions' }, ...absent)] : []),
    ...(others.length > 0 ? [el('p', { class: 'hint' }, `Not in the schema: ${others.join(', ')}`)] : []),
  ];
}

function arrayParts(context: FieldContext, place: FieldPlace, shape: Shape & { kind: 'array' }): HTMLElement[] {
  const items = place.value as readonly unknown[];
  const key = singular(place.key);
  const rows = items.map((value, index) => {
    const path = [...place.path, index];
    const leaveOut = () =>
      context.reshape(path, ABSENT, items.length > 1 ? [...place.path, Math.max(0, index - 1)] : place.path);
    return context.field({ label: String(index + 1), key, schema: shape.item, path, value, leaveOut });
  });
  const end = [...place.path, items.length];
  const add = button('+ add', () => context.reshape(end, context.blank(shape.item, key), end), {
    id: controlId(place.path),
    'aria-label': `Add to ${place.label}`,
  });
  return [...rows, el('div', { class: 'additions' }, add)];
}

/** The current variant, and a choice of the others. */
function variantParts(context: FieldContext, place: FieldPlace, variants: readonly JsonSchema[]): HTMLElement[] {
  const chosen = Math.max(
    0,
    variants.findIndex((variant) => isOf(place.value, variant, context.root)),
  );
  const options = variants.map((variant, index) =>
    el('option', { value: index }, variantName(variant, index, context.root)),
  );
  const select = el(
    'select',
    {
      id: controlId(place.path),
      'aria-label': `Form of ${place.label}`,
      onchange: () => {
        const variant = variants[Number(select.value)] ?? {};
        context.reshape(place.path, context.blank(variant, place.key), place.path);
      },
    },
    ...options,
  );
  select.value = String(chosen);
  const { leaveOut: _, ...inner } = place;
  const parts = context.field({ ...inner, schema: variants[chosen] ?? {} });
  // The choice already has its label and issues.
  for (const part of parts.querySelectorAll(':scope > .head, :scope > legend, :scope > .issue')) part.remove();
  return [select, parts];
}

function isOf(value: unknown, variant: JsonSchema, root: JsonSchema): boolean {
  const { shape } = shaped(variant, root);
  if (!fits(value, shape)) return false;
  if (shape.kind !== 'object') return true;
  const object = value as Readonly<Record<string, unknown>>;
  return shape.fields.every(({ name, schema, isRequired }) => {
    const inner = shaped(schema, root).shape;
    return Object.hasOwn(object, name) ? inner.kind !== 'choice' || fits(object[name], inner) : !isRequired;
  });
}

function variantName(variant: JsonSchema, index: number, root: JsonSchema): string {
  const { shape, schema } = shaped(variant, root);
  if (shape.kind !== 'object') return schema.type === undefined ? `form ${index + 1}` : String(schema.type);
  const words = shape.fields.flatMap(({ schema }) =>
    schema.const === undefined ? [] : [JSON.stringify(schema.const)],
  );
  return words.join(', ') || shape.fields.map(({ name }) => name).join(', ');
}
