import { terminalJson, terminalLine } from '@fechatter/service-kit';
import { parseArgs } from 'node:util';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { helpOf, overview } from './help.ts';

export interface CliWorld {
  readonly env: NodeJS.ProcessEnv;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly signal: AbortSignal;
}

const common = { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } } as const;

/** Runs one command line and returns the exit code: 0 done, 1 failed, 2 usage error. Never throws. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  const found = commandOf(argv);
  if (found === undefined) {
    const asksForHelp = argv.some((word) => word === '--help' || word === '-h');
    (asksForHelp ? world.out : world.err)(overview(argv));
    return asksForHelp ? 0 : 2;
  }
  const { name, command, rest } = found;
  try {
    const context = contextOf(command, rest, world);
    if (context === 'help') {
      world.out(helpOf(name, command));
      return 0;
    }
    return (await command.run(context)) ?? 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    world.err(`${message.split('\n').map(terminalLine).join('\n')}\n`);
    if (!(error instanceof UsageError)) return 1;
    world.err(`See: pnpm fechatter ${name} --help\n`);
    return 2;
  }
}

/** The command with whose words the line begins. */
function commandOf(argv: readonly string[]) {
  for (const length of [2, 1]) {
    const name = argv.slice(0, length).join(' ');
    const command = commands[name];
    if (command !== undefined && argv.length >= length) return { name, command, rest: argv.slice(length) };
  }
  return undefined;
}

function contextOf(command: Command, rest: readonly string[], world: CliWorld): CommandContext | 'help' {
  const { env, out, signal } = world;
  const { values, positionals } = parsed(command, rest);
  const { help, json, ...options } = values;
  if (help === true) return 'help';
  const isJson = json === true;
  return {
    env,
    args: positionals,
    options,
    signal,
    print: (line) => {
      if (!isJson) out(`${terminalLine(line)}\n`);
    },
    show: (result, lines) =>
      out(
        isJson
          ? `${terminalJson(JSON.stringify(result, undefined, 2))}\n`
          : lines.map((line) => `${terminalLine(line)}\n`).join(''),
      ),
  };
}

function parsed(command: Command, rest: readonly string[]) {
  try {
    const options = { ...command.options, ...common };
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true });
    // No option may be repeated, so no value is a list.
    return { values: values as Record<string, string | boolean | undefined>, positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
