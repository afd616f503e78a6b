import type { Command } from './command.ts';
import { commands } from './commands.ts';

const COMMON = `Options of every command:
  --json     print the result as JSON
  -h, --help show this

Settings are read as the services read them: defaults, app.yml, the environment. Without a database URL the command uses
the database that \`pnpm start\` runs. Exit code: 0 done, 1 failed, 2 not understood.
`;

/** All commands, or those of the given group. */
export function overview([group]: readonly string[]): string {
  const names = Object.keys(commands);
  const ofGroup = names.filter((name) => name.startsWith(`${group} `));
  const shown = ofGroup.length > 0 ? ofGroup : names;
  const width = Math.max(...shown.map((name) => usageOf(name).length)) + 2;
  const lines = shown.map((name) => `  ${usageOf(name).padEnd(width)}${commands[name]?.summary}`);
  return `Usage: pnpm fechatter <command> [options]\n\n${lines.join('\n')}\n\n${COMMON}`;
}

/** The help of one command. */
export function helpOf(name: string, { summary, details }: Command): string {
  const body = details === undefined ? '' : `${details.trim()}\n\n`;
  return `Usage: pnpm fechatter ${usageOf(name)} [options]\n\n${summary}\n\n${body}${COMMON}`;
}

function usageOf(name: string): string {
  const usage = commands[name]?.usage;
  return usage === undefined ? name : `${name} ${usage}`;
}
