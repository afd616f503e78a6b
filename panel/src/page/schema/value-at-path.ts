export type Path = readonly (string | number)[];

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A copy of a tree with another value at a path; everything beside the path is the same. */
export function withValue(tree: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const inner = withValue(isTree(tree) ? tree[key] : undefined, rest, value);
  if (Array.isArray(tree)) return tree.toSpliced(Number(key), 1, inner);
  return { ...(isTree(tree) ? tree : {}), [key]: inner };
}

/** A copy of a tree without what is at a path. */
export function withoutValue(tree: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || !isTree(tree)) return undefined;
  if (rest.length > 0) return withValue(tree, [key], withoutValue(tree[key], rest));
  if (Array.isArray(tree)) return tree.toSpliced(Number(key), 1);
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
}
