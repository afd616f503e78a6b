import { filled } from '@fechatter/contract/filled';

/** A value as superjson writes it: JSON, and the paths of values that JSON cannot express. */
export interface Written {
  readonly json?: unknown;
  readonly meta?: { readonly values?: Annotation; readonly v?: number };
}

/** What a value is, and what is within it, by paths. */
type Annotation = readonly [string, Annotations?] | Annotations;
interface Annotations {
  readonly [path: string]: Annotation;
}
/** An object or a list that a path goes through. */
type Tree = Record<string, unknown>;

/**
 * The wire form of values: as superjson writes them, without empty keys, which are put back here. Dates are the only
 * values on the wire that JSON cannot express; superjson itself would be a sixth of this package.
 */
export const wireForm = {
  serialize(value: unknown): Written {
    if (value === undefined) return { json: null, meta: { values: ['undefined'], v: 1 } };
    if (value instanceof Date) return { json: value, meta: { values: ['Date'], v: 1 } };
    const values: Record<string, Annotation> = {};
    noteDates(value, [], values);
    return Object.keys(values).length === 0 ? { json: value } : { json: value, meta: { values, v: 1 } };
  },
  /** Changes the value in place: it must belong to the caller. */
  deserialize({ json, meta }: Written): unknown {
    const root: Tree = { json };
    if (meta?.values !== undefined) restore(root, 'json', meta.values);
    return filled(root['json']);
  },
};

/** `JSON.stringify` writes a date as superjson does. */
function noteDates(value: unknown, path: readonly string[], values: Record<string, Annotation>): void {
  if (value instanceof Date) values[path.join('.')] = ['Date'];
  else if (isTree(value))
    for (const [key, inner] of Object.entries(value))
      noteDates(inner, [...path, key.replaceAll(/[\\.]/g, String.raw`\$&`)], values);
}

function restore(parent: Tree, key: string, annotation: Annotation): void {
  const [kind, within] = isNode(annotation) ? annotation : [undefined, annotation];
  for (const [path, inner] of Object.entries(within ?? {})) {
    const keys = keysOf(path);
    const last = keys.pop() ?? '';
    const tree = keys.reduce<unknown>((outer, name) => own(outer, name), parent[key]);
    if (isTree(tree) && Object.hasOwn(tree, last)) restore(tree, last, inner);
  }
  if (kind === 'Date') parent[key] = new Date(String(parent[key]));
  if (kind === 'undefined') parent[key] = undefined;
}

const isNode = (annotation: Annotation): annotation is readonly [string, Annotations?] => Array.isArray(annotation);
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;
const own = (tree: unknown, key: string) => (isTree(tree) && Object.hasOwn(tree, key) ? tree[key] : undefined);

/** Dots separate keys; a dot or a backslash within a key is escaped with a backslash. */
const keysOf = (path: string): string[] =>
  path.replaceAll(/\\(.)|\./g, (_, escaped?: string) => escaped ?? '\0').split('\0');
