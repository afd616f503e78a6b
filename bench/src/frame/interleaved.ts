/**
 * Runs every contender once a round, in an order that rotates, so that other load on the machine affects all of them
 * alike. Returns each contender's numbers, one a round.
 */
export async function interleaved<Name extends string, T>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<T>>>,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(contenders) as Name[];
  const runs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, T[]>;
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < names.length; at++) {
      const name = names[(round + at) % names.length] as Name;
      runs[name].push(await contenders[name]());
    }
  }
  return runs;
}
