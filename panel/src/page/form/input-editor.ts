import type { JsonSchema } from '../../panel-document.ts';
import type { Issue } from '../call/exchange.ts';
import { el } from '../element.ts';
import { blank } from '../schema/blank.ts';
import type { SeenIds } from '../schema/seen-ids.ts';
import { SchemaForm } from './form.ts';

const ROWS_MIN = 3;
const ROWS_MAX = 14;

export type Draft = { readonly value: unknown } | { readonly problem: string };

/** An input as JSON and as a form, kept in sync. */
export class InputEditor {
  readonly node: HTMLElement;
  readonly #schema: JsonSchema;
  readonly #isOptional: boolean;
  readonly #seen: SeenIds;
  readonly #form: SchemaForm;
  readonly #text: HTMLTextAreaElement;
  readonly #problem: HTMLElement;

  constructor(schema: JsonSchema, isOptional: boolean, seen: SeenIds) {
    this.#schema = schema;
    this.#isOptional = isOptional;
    this.#seen = seen;
    this.#form = new SchemaForm({ schema, seen, onEdit: (value) => this.#write(value) });
    this.#problem = el('p', { class: 'issue', id: 'json-issue', hidden: true });
    this.#text = el('textarea', {
      id: 'json',
      class: 'code',
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
      'aria-describedby': 'json-issue',
      oninput: () => this.#read(),
    });
    this.node = el(
      'div',
      { class: 'editor' },
      el('label', { class: 'part', for: 'json' }, 'JSON'),
      this.#text,
      this.#problem,
      el('h3', { class: 'part' }, 'Form'),
      this.#form.node,
    );
    this.reset();
  }

  get draft(): Draft {
    const text = this.#text.value.trim();
    if (text === '') return this.#isOptional ? { value: undefined } : { problem: 'An input is needed.' };
    try {
      return { value: JSON.parse(text) as unknown };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : 'Not JSON.' };
    }
  }

  /** Resets to the smallest value that the schema allows. */
  reset(): void {
    this.fill(blank(this.#schema, { root: this.#schema, idFor: (key) => this.#seen.of(key)[0] }));
  }

  fill(value: unknown): void {
    this.#write(value);
    this.#form.show(value);
  }

  mark(issues: readonly Issue[]): void {
    this.#form.mark(issues);
  }

  focus(path: Issue['path']): void {
    this.#form.focus(path);
  }

  #write(value: unknown): void {
    this.#text.value = value === undefined ? '' : JSON.stringify(value, null, 2);
    this.#fit();
    this.#report(undefined);
  }

  #read(): void {
    this.#fit();
    const { draft } = this;
    this.#report('problem' in draft ? draft.problem : undefined);
    if ('value' in draft) this.#form.show(draft.value ?? {});
  }

  /** While the text is not JSON, the form cannot be shown. */
  #report(problem: string | undefined): void {
    this.#problem.hidden = problem === undefined;
    this.#problem.textContent = problem ?? '';
    this.#form.node.inert = problem !== undefined;
    if (problem === undefined) this.#text.removeAttribute('aria-invalid');
    else this.#text.setAttribute('aria-invalid', 'true');
  }

  #fit(): void {
    this.#text.rows = Math.min(ROWS_MAX, Math.max(ROWS_MIN, this.#text.value.split('\n').length));
  }
}
