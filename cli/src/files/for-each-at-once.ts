/** Works through a list, with bounded concurrency; after a failure it begins no more, waits for the others, and throws. */
export async function forEachAtOnce<T>(
  list: readonly T[],
  atOnceMax: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...list];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let one = waiting.shift(); one !== undefined && failures.length === 0; one = waiting.shift())
      await work(one).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: atOnceMax }, worker));
  if (failures.length > 0) throw failures[0];
}
