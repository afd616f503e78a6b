import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { benchmarks } from '../benchmarks.ts';
import { isReached } from '../frame/statistics.ts';
import { type StoredResult, storedResults } from '../frame/stored-result.ts';
import { ratioText, targetText, valueText } from './lines.ts';
import { plotsSvg } from './plots-svg.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const notes = fileURLToPath(new URL('../notes', import.meta.url));

/** Writes docs/benchmarks.md and its plots from the kept results and the hand-written notes. */
export async function writeReport(): Promise<void> {
  const results = new Map((await storedResults()).map((result) => [result.name, result]));
  await mkdir(`${docs}/benchmarks`, { recursive: true });
  const sections: string[] = [];
  for (const { name } of benchmarks) {
    const result = results.get(name);
    if (result === undefined) continue;
    if (result.plots.length > 0) await writeFile(`${docs}/benchmarks/${name}.svg`, plotsSvg(result.plots));
    sections.push(sectionOf(result, await noteOf(name)));
  }
  await writeFile(`${docs}/benchmarks.md`, [head, ...sections].join('\n\n').concat('\n'));
}

const head = `# Benchmarks

Written by \`pnpm bench report\` from \`bench/results\` and \`bench/src/notes\`; do not edit it here.

Each figure is measured beside its reference in the same run, in rounds that take turns; a ratio is taken round by round.
A figure is the median of its rounds, with the lowest and the highest behind it. CPU time is user and system time of the
process under test, as Linux counts it (\`/proc/<pid>/task/*/schedstat\`); memory is what it has resident (\`VmRSS\`). The load
generator, the process under test and Postgres share the machine's cores, so a wall time is that of the whole machine.

\`pnpm bench guard [names]\` runs each benchmark in its short form and compares its ratios with those in \`bench/guard.json\`
(never its times). It prints each ratio that got worse by more than 15 % as the median of three runs, names what was not
measured, and exits with 1 if one got worse or a benchmark failed. It takes an hour with all of them, so it belongs into a nightly
script, on a machine that does nothing else, and not into the tests:

    npx -y pnpm@12 install --frozen-lockfile && npx -y pnpm@12 bench guard || notify-the-team

\`pnpm bench guard --record [names]\` records the medians of three short runs as the new ratios: commit them with the change that
explains them. Benchmarks without recorded ratios are named and not judged. So far
those of sends beside the lean statement and of polls are recorded, each from one short run on a busy machine: record all of them
on an idle one before the first nightly run.

Clients that poll (\`pnpm bench polls\`) were measured in a short run only (2026-12-01, load 24 to 33 on two cores): 1,000 people
who read their list of 50 chats every 5 s cost 3,404 µs of CPU a poll, server and Postgres together, and 1,965 µs (0.58 ×) with
\`cache.chatListSeconds: 30\`; Postgres' part was 1,120 and 343 µs (0.31 ×). What is left is checking and writing the response.
When there was room for 64 MiB and the least recently used list went first, the same clients had no gain (0.98 ×): each list was
displaced just before it was needed.`;

async function noteOf(name: string): Promise<string> {
  const text = await readFile(`${notes}/${name}.md`, 'utf8').catch(() => '');
  return text.trim();
}

function sectionOf(result: StoredResult, note: string): string {
  const { name, title, command, measuredAt, durationSeconds, machine, versions, leftOut, figures } = result;
  const measuredOn = [
    `${machine.cores} × ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
    ...Object.entries(versions).map(([program, version]) => `${program}: ${version}`),
  ].join('; ');
  const rows = figures.map(
    (figure) =>
      `| ${figure.name} | ${valueText(figure)} | ${ratioText(figure, figures)} | ${targetText(figure, figures)} |`,
  );
  const missed = figures.filter((figure) => figure.missed !== undefined && isReached(figure, figures) === false);
  return [
    `## ${name}: ${title}`,
    `\`${command}\`, ${durationSeconds} s, ${measuredAt.slice(0, 10)}, load ${machine.loadBefore} before it, source ${machine.source}. ${measuredOn}.`,
    leftOut.length === 0 ? '' : `Left out, because it was not installed: ${leftOut.join('; ')}.`,
    result.notes.map((line) => `- ${line}`).join('\n'),
    ['| figure | median (lowest to highest) | beside | target |', '|---|---|---|---|', ...rows].join('\n'),
    missed.map((figure) => `**Missed: ${figure.name}.** ${figure.missed}`).join('\n\n'),
    result.plots.length === 0 ? '' : `![${title}](benchmarks/${name}.svg)`,
    note,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
