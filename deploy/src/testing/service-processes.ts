import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of the production build. */
export interface BuiltService {
  readonly port: number;
  /** Kills it (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  start(): Promise<void>;
}

interface BuiltServiceOptions {
  readonly app: string;
  readonly name: 'server' | 'notify' | 'worker';
  readonly env: Readonly<Record<string, string>>;
}

/** Starts one on a free port; resolves when it listens, and throws with its output if it ends before. */
export async function builtService({ app, name, env }: BuiltServiceOptions): Promise<BuiltService> {
  let child: ChildProcess | undefined;
  let port = 0;
  const start = async () => {
    const given = {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      ...env,
      [`FECHATTER_${name.toUpperCase()}_PORT`]: String(port),
    };
    child = spawn(process.execPath, [`bin/${name}.js`], { cwd: app, env: given, stdio: ['ignore', 'pipe', 'pipe'] });
    port = await listening(child, name);
  };
  await start();
  return {
    get port() {
      return port;
    },
    start,
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function listening(child: ChildProcess, name: string): Promise<number> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      // A logged error must be visible, whether or not the test fails.
      if (/"level":"?(error|fatal|50|60)/.test(chunk.toString())) process.stderr.write(`${name}: ${chunk.toString()}`);
      const port = /"url":"http:\/\/[^"]+:(\d+)"/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`${name} ended: ${output}`)));
  });
}
