import type { ParseArgsConfig } from 'node:util';

/** The input and output of a command. */
export interface CommandContext {
  /** The environment, which holds the settings. */
  readonly env: NodeJS.ProcessEnv;
  /** The arguments after the command's name, without options. */
  readonly args: readonly string[];
  /** The command's own options; those not given are undefined. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Prints a line for people; prints nothing with `--json`. */
  readonly print: (line: string) => void;
  /** Prints the result: as JSON with `--json`, otherwise as these lines. */
  readonly show: (result: unknown, lines: readonly string[]) => void;
  /** Aborted when the operator stops the command. */
  readonly signal: AbortSignal;
}

/** One command of `pnpm fechatter`. */
export interface Command {
  /** One line, lower case. */
  readonly summary: string;
  /** The arguments as help shows them, for example `<user>`. */
  readonly usage?: string;
  /** The rest of its help: options and their defaults. */
  readonly details?: string;
  readonly options?: ParseArgsConfig['options'];
  /** Returns the exit code; undefined means 0. If it throws, the message is printed and the code is 1. */
  readonly run: (context: CommandContext) => Promise<number | void>;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {}

/** The argument of a command that takes exactly one. */
export function onlyArgument({ args }: CommandContext, name: string): string {
  const [only, ...more] = args;
  if (only === undefined) throw new UsageError(`${name} is missing`);
  if (more.length > 0) throw new UsageError(`one ${name} is expected, ${args.length} were given`);
  return only;
}

/** The value of an option as a whole number. */
export function numberOption(
  { options }: CommandContext,
  name: string,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const given = options[name];
  if (given === undefined) return fallback;
  const number = Number(given);
  if (!Number.isInteger(number) || number < min || number > max)
    throw new UsageError(`--${name}: ${String(given)} given, expected a whole number from ${min} to ${max}`);
  return number;
}

/** The value of an option as text. */
export function textOption({ options }: Pick<CommandContext, 'options'>, name: string): string | undefined {
  const given = options[name];
  return typeof given === 'string' ? given : undefined;
}
