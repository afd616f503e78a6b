import { el } from '../element.ts';
import type { Shape } from '../schema/shape.ts';
import { controlId, type FieldContext, type FieldPlace, issueId } from './field-context.ts';

const LONG_TEXT_CHARS = 200;

type Common = Readonly<Record<string, string>>;

/** The control for a single value; undefined for objects, lists and variants. */
export function scalarControl(context: FieldContext, place: FieldPlace, shape: Shape): HTMLElement[] | undefined {
  const common = { id: controlId(place.path), 'aria-describedby': issueId(place.path), autocomplete: 'off' };
  switch (shape.kind) {
    case 'choice':
      return [choice(context, place, shape.values, common)];
    case 'boolean': {
      const box = el('input', { ...common, type: 'checkbox', onchange: () => context.put(place.path, box.checked) });
      box.checked = place.value === true;
      return [box];
    }
    case 'number':
      return [number(context, place, shape, common)];
    case 'text':
      return text(context, place, shape, common);
    case 'json':
      return [json(context, place, common)];
    default:
      return undefined;
  }
}

function choice(context: FieldContext, { path, value }: FieldPlace, values: readonly unknown[], common: Common) {
  const options = values.map((option, index) => el('option', { value: index }, String(option)));
  const select = el(
    'select',
    { ...common, onchange: () => context.put(path, values[Number(select.value)]) },
    ...options,
  );
  select.value = String(values.indexOf(value));
  return select;
}

function number(context: FieldContext, { path, value }: FieldPlace, shape: Shape & { kind: 'number' }, common: Common) {
  const { min, max, isInteger } = shape;
  const typed = () => context.put(path, input.value === '' ? null : input.valueAsNumber);
  const input = el('input', { ...common, type: 'number', min, max, step: isInteger ? 1 : 'any', oninput: typed });
  input.value = String(value);
  return input;
}

/** Nothing is trimmed or refused here, so that you can see how the service handles an invalid value. */
function text(context: FieldContext, place: FieldPlace, shape: Shape & { kind: 'text' }, common: Common) {
  const { path, key, value } = place;
  const isLong =
    (shape.maxLength ?? 0) > LONG_TEXT_CHARS &&
    shape.format === undefined &&
    !/token|password|e?mail|url|cursor|id$/i.test(key);
  const ids = shape.format === 'uuid' ? context.idsFor(key) : [];
  const listId = `${common['id'] ?? ''}-seen`;
  const input = isLong
    ? el('textarea', { ...common, rows: 3, spellcheck: 'true' })
    : el('input', {
        ...common,
        type: /password/i.test(key) ? 'password' : 'text',
        spellcheck: 'false',
        autocapitalize: 'off',
        ...(shape.format === 'email' && { inputmode: 'email' }),
        ...(shape.format === 'uuid' && { class: 'code', placeholder: ids.length > 0 ? 'seen before: arrow down' : '' }),
        ...(ids.length > 0 && { list: listId }),
      });
  input.value = String(value);
  input.addEventListener('input', () => context.put(path, input.value));
  if (ids.length === 0) return [input];
  return [input, el('datalist', { id: listId }, ...ids.map((id) => el('option', { value: id })))];
}

/** For values without a schema, or that do not fit their schema. */
function json(context: FieldContext, { path, value }: FieldPlace, common: Common) {
  const typed = () => {
    try {
      context.put(path, JSON.parse(area.value) as unknown);
      area.removeAttribute('aria-invalid');
    } catch {
      area.setAttribute('aria-invalid', 'true');
    }
  };
  const area = el('textarea', { ...common, class: 'code', rows: 2, spellcheck: 'false', oninput: typed });
  area.value = JSON.stringify(value, null, 2) ?? '';
  return area;
}
