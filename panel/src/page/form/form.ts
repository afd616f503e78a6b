import type { JsonSchema } from '../../panel-document.ts';
import type { Issue } from '../call/exchange.ts';
import { el } from '../element.ts';
import { blank } from '../schema/blank.ts';
import type { SeenIds } from '../schema/seen-ids.ts';
import { type Path, withoutValue, withValue } from '../schema/value-at-path.ts';
import { ABSENT, controlId, type FieldContext, issueId } from './field-context.ts';
import { renderField } from './field.ts';

export interface FormOptions {
  readonly schema: JsonSchema;
  readonly seen: SeenIds;
  readonly onEdit: (value: unknown) => void;
}

/** A form for a JSON schema. It shows a value, and calls back with the whole value after each edit. */
export class SchemaForm {
  readonly node: HTMLElement = el('div', { class: 'form' });
  readonly #options: FormOptions;
  readonly #context: FieldContext;
  #value: unknown;

  constructor(options: FormOptions) {
    this.#options = options;
    const { schema: root, seen } = options;
    this.#context = {
      root,
      put: (path, value) => {
        this.#value = withValue(this.#value, path, value);
        this.#unmark(path);
        options.onEdit(this.#value);
      },
      reshape: (path, value, focus) => {
        const changed = value === ABSENT ? withoutValue(this.#value, path) : withValue(this.#value, path, value);
        this.show(changed);
        options.onEdit(changed);
        this.focus(focus);
      },
      blank: (schema, key) => blank(schema, { root, idFor: (key) => seen.of(key)[0] }, key),
      idsFor: (key) => seen.of(key),
      field: (place) => renderField(this.#context, place),
    };
  }

  show(value: unknown): void {
    this.#value = value;
    const { schema } = this.#options;
    this.node.replaceChildren(this.#context.field({ label: 'input', key: '', schema, path: [], value }));
  }

  focus(path: Path): void {
    document.getElementById(controlId(path))?.focus();
  }

  /** Shows each issue at the field that it is about, or at the nearest enclosing one. */
  mark(issues: readonly Issue[]): void {
    for (const path of this.#paths()) this.#unmark(path);
    for (const { path, message } of issues) {
      const place = [...path.keys(), path.length]
        .toReversed()
        .map((length) => path.slice(0, length))
        .find((above) => this.#issueNode(above) !== null);
      if (place === undefined) continue;
      const node = this.#issueNode(place);
      const rest = path.slice(place.length).join('.');
      if (node === null) continue;
      node.hidden = false;
      node.append(el('span', {}, rest === '' ? message : `${rest}: ${message}`));
      document.getElementById(controlId(place))?.setAttribute('aria-invalid', 'true');
    }
  }

  #unmark(path: Path): void {
    const node = this.#issueNode(path);
    if (node === null) return;
    node.hidden = true;
    node.replaceChildren();
    document.getElementById(controlId(path))?.removeAttribute('aria-invalid');
  }

  #issueNode(path: Path): HTMLElement | null {
    return this.node.querySelector(`#${CSS.escape(issueId(path))}`);
  }

  #paths(): readonly Path[] {
    const fields = [...this.node.querySelectorAll<HTMLElement>('[data-path]')];
    return fields.map(({ dataset }) => JSON.parse(dataset['path'] ?? '[]') as Path);
  }
}
