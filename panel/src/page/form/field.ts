import { button, el } from '../element.ts';
import { fits, type Shape, shaped } from '../schema/shape.ts';
import { controlId, type FieldContext, type FieldPlace, issueId } from './field-context.ts';
import { groupParts } from './group-parts.ts';
import { scalarControl } from './scalar-control.ts';

/** The editor of one value: its label, hint and control, and a place for its issues. */
export function renderField(context: FieldContext, place: FieldPlace): HTMLElement {
  const { path, value, schema } = place;
  const { shape, isNullable } = shaped(schema, context.root);
  const issue = el('p', { class: 'issue', id: issueId(path), hidden: true });
  const box = (tag: 'div' | 'fieldset', ...parts: HTMLElement[]) => {
    const node = el(tag, { class: `field field-${shape.kind}` }, ...parts, issue);
    node.dataset['path'] = JSON.stringify(path);
    return node;
  };
  if (value === null && (isNullable || shape.kind !== 'json')) {
    const give = () => context.reshape(path, context.blank(nonNull(schema), place.key), path);
    const giver = button('Give a value', give, {
      'aria-label': `Give ${place.label} a value`,
      id: controlId(path),
      'aria-describedby': issueId(path),
    });
    return box('div', head(context, place, shape, false), el('div', { class: 'null' }, el('code', {}, 'null'), giver));
  }
  const edited: Shape = fits(value, shape) ? shape : { kind: 'json' };
  const controls = scalarControl(context, place, edited);
  if (controls) return box('div', head(context, place, shape, isNullable), ...controls);
  const parts = groupParts(context, place, edited);
  if (path.length === 0) return box('div', ...parts);
  const legend = el('legend', {}, head(context, place, shape, isNullable));
  return box('fieldset', legend, ...parts);
}

/** The same schema without null. */
function nonNull(schema: FieldPlace['schema']): FieldPlace['schema'] {
  const others = schema.anyOf?.filter(({ type }) => type !== 'null');
  return others ? { ...schema, anyOf: others } : schema;
}

function head(context: FieldContext, place: FieldPlace, shape: Shape, isNullable: boolean): HTMLElement {
  const { label, path, leaveOut } = place;
  const isGroup = shape.kind === 'object' || shape.kind === 'array';
  const name = isGroup
    ? el('span', { class: 'name' }, label)
    : el('label', { class: 'name', for: controlId(path) }, label);
  return el(
    'div',
    { class: 'head' },
    name,
    el('span', { class: 'hint' }, hint(shape)),
    isNullable && button('null', () => context.reshape(path, null, path), { 'aria-label': `Set ${label} to null` }),
    leaveOut && button('×', leaveOut, { class: 'leave-out', 'aria-label': `Leave out ${label}`, title: 'Leave out' }),
  );
}

const range = (min: number | undefined, max: number | undefined, unit = '') => {
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`;
  if (max !== undefined) return `≤ ${max}${unit}`;
  return min === undefined ? '' : `≥ ${min}${unit}`;
};

/** A short hint at the expected value. */
function hint(shape: Shape): string {
  switch (shape.kind) {
    case 'text': {
      const isFixed = shape.format === 'uuid' || shape.format === 'date-time';
      const length = isFixed ? '' : range(shape.minLength || undefined, shape.maxLength, ' chars');
      return [shape.format ?? 'text', length].filter(Boolean).join(', ');
    }
    case 'number':
      return [shape.isInteger ? 'whole number' : 'number', range(shape.min, shape.max)].filter(Boolean).join(', ');
    case 'array': {
      const max = Number.isFinite(shape.maxItems) ? shape.maxItems : undefined;
      return ['list', range(shape.minItems || undefined, max)].filter(Boolean).join(', ');
    }
    case 'choice':
      return 'one of';
    case 'boolean':
      return 'yes or no';
    case 'variants':
      return 'one of several forms';
    case 'object':
      return '';
    case 'json':
      return 'JSON';
    default:
      return shape satisfies never;
  }
}
