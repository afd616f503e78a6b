import { deploymentOf } from './deployment.ts';
import { type CommandContext, keysRotate } from './keys-rotate.ts';

const commands: Readonly<Record<string, (context: CommandContext) => Promise<void>>> = {
  'keys rotate': keysRotate,
};
const USAGE = `Usage: pnpm fechatter <command>

  keys rotate    encrypt all messages anew with the first key of the ring, while everything runs
`;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stopped.abort(new Error('stopped; run it again to go on')));

const run = commands[process.argv.slice(2).join(' ')];
if (run === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  try {
    await run({ deployment: deploymentOf(process.env), say, signal: stopped.signal });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
