import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { S3Settings } from '../s3-store.ts';

/** A running S3 server, and what opens its bucket. */
export interface S3Server extends AsyncDisposable {
  readonly settings: S3Settings;
  /** Another, empty place in the bucket. */
  readonly elsewhere: () => S3Settings;
}

const BUCKET = 'files';

/** Starts s3rver with an empty bucket, in a process of its own: the tokens of its lists need an old cipher. */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'fechatter-s3-'));
  const program = fileURLToPath(new URL('./s3-process.ts', import.meta.url));
  const args = ['--openssl-legacy-provider', '--import', 'tsx', program, BUCKET, directory];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const told = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { value: port } = (await told.next()) as { value?: string };
  if (port === undefined) throw new Error('s3rver did not start');
  const elsewhere = (): S3Settings => ({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: BUCKET,
    prefix: `${randomBytes(6).toString('hex')}/`,
    pathStyle: true,
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  });
  return {
    settings: elsewhere(),
    elsewhere,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
