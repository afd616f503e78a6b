import { createLowlight } from 'lowlight';
import type { ReactNode } from 'react';
import '../style/code.css';
import { loaderOf } from './languages.ts';

const lowlight = createLowlight();

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/** Code with its words in colours, as elements; undefined for a language that is not known. */
export async function highlighted(text: string, language: string): Promise<ReactNode> {
  const load = loaderOf(language);
  if (load === undefined) return undefined;
  const name = language.toLowerCase();
  if (!lowlight.registered(name)) lowlight.register(name, (await load()).default);
  return elementsOf(lowlight.highlight(name, text).children);
}

const elementsOf = (nodes: readonly Node[]): ReactNode => nodes.map(elementOf);

function elementOf(node: Node, at: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  return (
    <span key={at} className={Array.isArray(className) ? className.join(' ') : undefined}>
      {elementsOf(node.children)}
    </span>
  );
}
