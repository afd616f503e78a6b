type Tree = Readonly<Record<string, unknown>>;

const ANNOTATIONS_MAX = 500;
const DEPTH_MAX = 16;
const PATH_MAX_CHARS = 500;

/**
 * Reads an input as superjson clients send it. No input has a Date, a Map or anything else that JSON lacks, so this
 * accepts only one of superjson's annotations: where a value is `undefined`. Others are refused, because superjson
 * would follow them: thirty bytes make it build an array of a billion numbers, before anyone has signed in.
 */
export function readInput(body: unknown): unknown {
  if (!isTree(body)) return undefined;
  const { json, meta } = body;
  const values = isTree(meta) ? meta.values : undefined;
  if (values === undefined) return json;
  const root = { json };
  forget(root, values, ['json'], { annotations: 0 });
  return root.json;
}

function forget(root: object, tree: unknown, path: readonly string[], seen: { annotations: number }): void {
  if (path.length > DEPTH_MAX || ++seen.annotations > ANNOTATIONS_MAX) throw new TypeError('too many annotations');
  let children = tree;
  if (Array.isArray(tree)) {
    const [type, inner] = tree as readonly unknown[];
    if (type !== 'undefined') throw new TypeError('an input is plain JSON');
    makeUndefined(root, path);
    children = inner ?? {};
  }
  if (!isTree(children)) throw new TypeError('not annotations');
  for (const [key, child] of Object.entries(children)) forget(root, child, [...path, ...keysIn(key)], seen);
}

/** Visits own properties only: `__proto__` is treated as an ordinary name. */
function makeUndefined(root: object, path: readonly string[]): void {
  let parent: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) return;
    parent = (parent as Tree)[key];
  }
  const last = path.at(-1) ?? '';
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) return;
  Object.defineProperty(parent, last, { value: undefined });
}

/** Splits superjson's paths: keys are separated by dots; a dot or a backslash in a key is escaped by a backslash. */
function keysIn(path: string): string[] {
  if (path.length > PATH_MAX_CHARS) throw new TypeError('too long an annotation');
  const keys = [''];
  const escaped = path.matchAll(/\\([.\\])|(\.)|([^])/gu);
  for (const [, literal, dot, char] of escaped) {
    if (dot !== undefined) keys.push('');
    else keys.push(`${keys.pop() ?? ''}${literal ?? char ?? ''}`);
  }
  return keys;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
