import { cpus, release, totalmem } from 'node:os';
import { sorts } from './checker/findings.ts';
import type { Outcome } from './run.ts';
import { inCast } from './writers/mutations.ts';

const count = (value: number): string => value.toLocaleString('en');

/** The report of a run, for docs/chaos-report.md. */
export function reportOf(outcome: Outcome, { command, minutes }: { command: string; minutes: number }): string {
  const { findings, checked, faults, tally, sends } = outcome;
  const faultCount = [...faults.values()].reduce((sum, times) => sum + times, 0);
  const figures: readonly (readonly [what: string, value: number])[] = [
    ['events in the log', outcome.events],
    ['deliveries checked', checked.deliveries],
    ['deliveries owed, each made', checked.owed],
    ['deliveries of what was taken away later, checked for their time', checked.cuts],
    ['subscribers', outcome.subscribers],
    ['connects of subscribers', outcome.connects],
    ['resets, each justified', checked.resets],
    ['resets of the SDK’s own beside a removal', outcome.gaps],
    ['sends tried', sends.tried],
    ['sends acknowledged', sends.acknowledged],
    ['calls', tally.calls],
    ['repeats of calls after ambiguous failures', tally.repeats],
    ['calls without a response', tally.unknown],
    ['attacks of a hostile member that were let through', [...outcome.harm.values()].reduce((sum, n) => sum + n, 0)],
    ['unread counts recounted', checked.unreads],
    ['states compared with a fresh read', checked.states],
    ['files downloaded again by people who may and may not', checked.files],
    ['quotes compared with what they quote', checked.quotes],
    ['presences compared with a fresh read', checked.presences],
    ['files uploaded', outcome.files],
    ['mutations of the contract in the cast', inCast.size],
    ['of these, done at least once', outcome.mutations.length],
    ['starts of services', outcome.starts],
    ['times that partitions of the log were dropped', outcome.prunings],
    ['faults', faultCount],
    ['kinds of faults', faults.size],
  ];
  return [
    '# Report of a chaos run',
    '',
    `\`${command}\`: ${minutes} minutes under faults, by the harness in \`chaos/\`; written by it.`,
    '',
    `Machine: ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.version}.`,
    `Two servers, three notifies, two workers, one PostgreSQL, all writers, subscribers and proxies on this machine. The harness itself was late by ${Math.round(outcome.ownDelayMaxMs)} ms at most.`,
    '',
    ...(outcome.notStaged.length > 0
      ? [`Not staged, as this machine does not allow it: ${outcome.notStaged.join(', ')}.`, '']
      : []),
    '| what was done | |',
    '|---|--:|',
    ...figures.map(([what, value]) => `| ${what} | ${count(value)} |`),
    '',
    '| what was found | |',
    '|---|--:|',
    ...sorts.map((sort) => `| ${sort} | ${count(findings.count(sort))} |`),
    '',
    '| fault | times |',
    '|---|--:|',
    ...[...faults].sort(([a], [b]) => a.localeCompare(b)).map(([kind, times]) => `| ${kind} | ${times} |`),
    '',
  ].join('\n');
}
