import { freePort } from '@fechatter/testing/free-port';
import { until } from '@fechatter/testing/until';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSaying } from './run-saying.ts';

/** The last one that runs on Node 20. It asks for a dist-tag of node-fetch, which not every mirror has. */
const programs = { dependencies: { verdaccio: '6.8.0' }, overrides: { 'node-fetch': '2.7.0' } };

/** A registry of npm packages on this machine, which knows nothing but what is published to it. */
export interface Registry {
  readonly url: string;
  /** What npm needs to publish there, and to install our packages from there. */
  readonly npmrc: string;
  stop(): Promise<void>;
}

export async function startRegistry(): Promise<Registry> {
  const dir = await mkdtemp(join(tmpdir(), 'fechatter-registry-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const config = {
    storage: join(dir, 'storage'),
    auth: { htpasswd: { file: join(dir, 'people') } },
    packages: { '**': { access: '$all', publish: '$all' } },
    web: { enable: false },
    log: { type: 'stdout', level: 'error' },
  };
  // YAML reads JSON.
  await writeFile(join(dir, 'config.yaml'), JSON.stringify(config));
  await writeFile(join(dir, 'package.json'), JSON.stringify({ private: true, ...programs }));
  await runSaying('npm', ['install', '--no-audit', '--no-fund'], dir);
  const program = join(dir, 'node_modules/verdaccio/bin/verdaccio');
  const server = spawn(process.execPath, [program, '--config', join(dir, 'config.yaml'), '--listen', url], {
    cwd: dir,
  });
  const closed = once(server, 'close');
  const stop = async () => {
    server.kill();
    await closed;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await until(
      () =>
        fetch(`${url}-/ping`).then(
          ({ ok }) => ok,
          () => server.exitCode !== null,
        ),
      'the registry',
      60_000,
    );
    return { url, npmrc: `@fechatter:registry=${url}\n//127.0.0.1:${port}/:_authToken=nobody\n`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
