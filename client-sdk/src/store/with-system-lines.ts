import type { HistoryEntry, HistoryView } from './history.ts';
import type { SystemLine } from './system-line.ts';

/**
 * The entries of a history and, between them, the system lines of its chat: those that lie in what is loaded, each before
 * the first message that came after it. Rows with a `kind` are lines.
 */
export function withSystemLines(
  { entries, isLoaded, hasOlder, hasNewer }: Pick<HistoryView, 'entries' | 'isLoaded' | 'hasOlder' | 'hasNewer'>,
  lines: readonly SystemLine[],
): readonly (HistoryEntry | SystemLine)[] {
  if (!isLoaded || lines.length === 0) return entries;
  const seqs = entries.flatMap(({ message }) => message?.seq ?? []);
  const from = hasOlder ? (seqs[0] ?? Number.POSITIVE_INFINITY) : 0;
  const to = hasNewer ? (seqs.at(-1) ?? 0) : Number.POSITIVE_INFINITY;
  const waiting = lines.filter(({ seq }) => seq > from && seq < to);
  const rows: (HistoryEntry | SystemLine)[] = [];
  let next = 0;
  for (const entry of entries) {
    const seq = entry.message?.seq ?? Number.POSITIVE_INFINITY;
    for (let line = waiting[next]; line !== undefined && line.seq < seq; line = waiting[++next]) rows.push(line);
    rows.push(entry);
  }
  return [...rows, ...waiting.slice(next)];
}
