import type { Shape } from './shape.ts';

type Tree = Readonly<Record<string, unknown>>;

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Renames the keys of JSON to the procedure's names. Keys that the schema does not name are dropped. */
export function inputOfJson(shape: Shape, value: unknown): unknown {
  if (shape.kind === 'array') return Array.isArray(value) ? value.map((item) => inputOfJson(shape.item, item)) : value;
  if (!isTree(value)) return value;
  if (shape.kind === 'record')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inputOfJson(shape.value, item)]));
  if (shape.kind !== 'object') return value;
  const input: Record<string, unknown> = shape.hasFreeKeys ? freeKeys(shape.fields, value) : {};
  for (const { name, wire, shape: inner } of shape.fields)
    if (Object.hasOwn(value, wire)) input[name] = inputOfJson(inner, value[wire]);
  return input;
}

function freeKeys(fields: readonly { readonly name: string; readonly wire: string }[], value: Tree) {
  const taken = new Set(fields.flatMap(({ name, wire }) => [name, wire]));
  return Object.fromEntries(Object.entries(value).filter(([key]) => !taken.has(key)));
}

/** The values of query or path parameters, with the procedure's names; empty if none belongs to it. */
export function inputOfTexts(shape: Shape, textsOf: (wire: string) => readonly string[]): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  if (shape.kind !== 'object') return input;
  for (const { name, wire, shape: inner } of shape.fields) {
    const texts = textsOf(wire);
    if (texts.length > 0) input[name] = valueOfTexts(inner, texts);
  }
  return input;
}

function valueOfTexts(shape: Shape, texts: readonly string[]): unknown {
  if (shape.kind === 'array') return texts.map((text) => valueOfText(shape.item, text));
  const [only = '', ...others] = texts;
  // A single value that is given twice becomes a list, which the procedure refuses.
  return others.length === 0 ? valueOfText(shape, only) : texts;
}

/** A text that does not fit the expected type stays a text, which the procedure refuses. */
function valueOfText({ kind }: Shape, text: string): unknown {
  if (kind === 'number' && DECIMAL.test(text)) return Number(text);
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
