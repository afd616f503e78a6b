/** The edit distance: how many letters must be added, removed or replaced to turn one word into the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The name that was probably meant: similar, and more so than by chance. */
export function nearestName(given: string, names: Iterable<string>): string | undefined {
  const word = given.slice(0, 100);
  let nearest: string | undefined;
  let best = Math.min(4, Math.ceil(word.length / 4) + 1);
  for (const name of names) {
    const away = distance(word.toLowerCase(), name.toLowerCase());
    if (away < best) [nearest, best] = [name, away];
  }
  return nearest;
}
