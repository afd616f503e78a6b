/// <reference types="vite/client" />
import { parseSync } from 'vite';
import { expect, test } from 'vitest';

const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '!../**/*.test.ts', '!../**/*.d.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** The texts are in these. */
const TEXTS = /\/(texts|texts\.\w+)\.ts$/;
/** What people see or hear; nothing else in markup may be words either, but these may not even be one. */
const SPOKEN =
  /^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|label|summary|submit|question|hint|legend|text|what)$/;
/** These hold words of the code. */
const CODE = /^(className|d|autoComplete|rel|pattern|viewBox|accept|allow|sizes)$/;

const A_LETTER = /\p{L}/u;
const WORDS = /^[^(]*\p{L}{2,}[:;]? \p{L}|^\p{Lu}.*[.?!…]$/u;
const A_TITLE = /^\p{Lu}\p{Ll}+$/u;

type Node = Readonly<Record<string, unknown>> & { readonly type: string; readonly start: number };
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;
const nodesIn = (value: unknown): readonly Node[] => [value].flat().filter(isNode);

/** The string literals that an expression may evaluate to: not those it compares with, or gives to a function. */
function valuesOf(node: unknown): readonly Node[] {
  if (!isNode(node)) return [];
  switch (node.type) {
    case 'Literal':
    case 'TemplateElement':
      return [node];
    case 'ConditionalExpression':
      return [node['consequent'], node['alternate']].flatMap(valuesOf);
    case 'LogicalExpression':
      return [...(node['operator'] === '&&' ? [] : valuesOf(node['left'])), ...valuesOf(node['right'])];
    case 'BinaryExpression':
      return node['operator'] === '+' ? [node['left'], node['right']].flatMap(valuesOf) : [];
    case 'TemplateLiteral':
      return [...nodesIn(node['quasis']), ...nodesIn(node['expressions'])].flatMap(valuesOf);
    case 'JSXExpressionContainer':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
      return valuesOf(node['expression']);
    default:
      return [];
  }
}

function textOf({ type, value }: Node): string {
  if (type === 'TemplateElement') return (value as { readonly cooked: string }).cooked;
  return typeof value === 'string' ? value : '';
}

/** The texts for people in a source file. */
function literalsIn(path: string, source: string): readonly string[] {
  const found = new Map<number, string>();
  const code = new Set<number>();
  const note = (nodes: readonly Node[], isText: RegExp) => {
    for (const node of nodes) if (isText.test(textOf(node))) found.set(node.start, textOf(node).trim());
  };
  const walk = (value: unknown): void => {
    for (const node of nodesIn(value)) {
      if (node.type === 'JSXText') note([node], A_LETTER);
      if (node.type === 'JSXElement' || node.type === 'JSXFragment')
        note(nodesIn(node['children']).flatMap(valuesOf), A_LETTER);
      if (node.type === 'JSXAttribute') {
        const name = String((node['name'] as { readonly name: unknown }).name);
        if (CODE.test(name)) for (const one of valuesOf(node['value'])) code.add(one.start);
        else if (SPOKEN.test(name)) note(valuesOf(node['value']), A_LETTER);
        else if (name !== 'defaultValue') note(valuesOf(node['value']), A_TITLE);
      }
      if (/^(Literal|TemplateElement)$/.test(node.type) && !code.has(node.start)) note([node], WORDS);
      for (const [key, child] of Object.entries(node)) if (key !== 'source') walk(child);
    }
  };
  walk(parseSync(path, source).program.body);
  return [...found].map(([start, text]) => `${path}:${source.slice(0, start).split('\n').length} ${text}`);
}

test('texts for people are found in code', () => {
  const source = `const a = <p title={b ? 'One' : c} className="two words">{d && 'three'} four {e('five')}</p>;
    throw new Refusal('Six words.');`;
  expect(literalsIn('a.tsx', source)).toEqual(['a.tsx:1 three', 'a.tsx:1 One', 'a.tsx:1 four', 'a.tsx:2 Six words.']);
});

test('all of them are in the files of texts', () => {
  const found = Object.entries(sources)
    .filter(([path]) => !TEXTS.test(path))
    .flatMap(([path, source]) => literalsIn(path, source));
  expect(found).toEqual([]);
});
