/** Orders releases `major.minor.patch` by number: negative if the first is older. */
export function compareReleases(one: string, other: string): number {
  const [ones, others] = [partsOf(one), partsOf(other)];
  const differing = ones.findIndex((part, index) => part !== others[index]);
  return differing === -1 ? 0 : (ones[differing] ?? 0) - (others[differing] ?? 0);
}

function partsOf(release: string): readonly number[] {
  const parts = /^(\d+)\.(\d+)\.(\d+)$/.exec(release)?.slice(1).map(Number);
  if (parts === undefined) throw new Error(`no release: ${release}`);
  return parts;
}
