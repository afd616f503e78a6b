/** The path with the fewest folders; of several, the first. */
export function nearestToTop(paths: readonly string[]): string | undefined {
  return paths.reduce<string | undefined>(
    (nearest, path) => (nearest === undefined || depthOf(path) < depthOf(nearest) ? path : nearest),
    undefined,
  );
}

const depthOf = (path: string): number => path.split('/').length;
