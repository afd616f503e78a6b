import { until } from '@fechatter/testing/until';
import { spawnSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { photo } from '../testing/pictures.ts';
import { renderInChild } from './render-in-child.ts';

const going = { as: 'picture', signal: new AbortController().signal } as const;
const whole = async function* (bytes: Buffer) {
  yield await Promise.resolve(bytes);
};
/** A picture that comes when it is let go. */
function held() {
  let resolve: (bytes: Buffer) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<Buffer>((onBytes, onError) => {
    resolve = onBytes;
    reject = onError;
  });
  const content = async function* () {
    yield await promise;
  };
  return { content: content(), resolve, reject };
}

test.skipIf(process.platform !== 'linux')(
  'the process for a picture has no environment, and the kernel’s limits (skipped elsewhere than on Linux)',
  async () => {
    const { content, resolve } = held();
    const rendering = renderInChild(content, going);
    const pid = await until(() => pictureProcess(), 'it has begun');
    const [environment, limits] = await Promise.all(
      ['environ', 'limits'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8')),
    );
    expect(environment?.replace(/\bPWD=[^\0]*\0|\b_=[^\0]*\0|OLDPWD=[^\0]*\0/g, '')).toBe('');
    expect(limits).toMatch(/^Max cpu time +60 /m);
    expect(limits).toMatch(/^Max data size +1228800000 /m);
    expect(limits).toMatch(/^Max core file size +0 /m);
    resolve(await photo(1));
    expect(await rendering).toMatchObject({ picture: { mime: 'image/jpeg', width: 60, height: 40 } });
  },
);

test.skipIf(spawnSync('prlimit', ['--version']).status !== 0)(
  'a picture that takes more CPU than it may is a failure of the picture (skipped without prlimit)',
  async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const large = await sharp({ create: { width: 5_500, height: 5_500, channels: 3, noise, background: '#000' } })
      .png({ compressionLevel: 0 })
      .toBuffer();
    const { content, resolve } = held();
    const rendering = renderInChild(content, going);
    const pid = await until(() => pictureProcess(), 'it has begun');
    expect(spawnSync('prlimit', ['--pid', pid, '--cpu=1']).status).toBe(0);
    resolve(large);
    // Only the failure: a picture of that size would be printed.
    const rendered = await rendering;
    expect('failure' in rendered ? rendered.failure : 'rendered').toMatch(/SIG(XCPU|KILL)/);
  },
);

test('a process that is killed before it starts, and content that cannot be read, are no failures of the picture', async () => {
  const late = held();
  const bytes = await photo(1);
  const rendering = renderInChild(late.content, { ...going, deadlineMs: 1 });
  late.resolve(bytes);
  await expect(rendering).rejects.toThrow('cannot begin');
  const broken = held();
  const failing = renderInChild(broken.content, going);
  broken.reject(new Error('the store is down'));
  await expect(failing).rejects.toThrow('the store is down');
});

test('the child ends when the worker ends', async () => {
  const stop = new AbortController();
  const waiting = held();
  const rendering = renderInChild(waiting.content, { ...going, signal: stop.signal });
  stop.abort(new Error('stopped'));
  waiting.resolve(Buffer.alloc(0));
  await expect(rendering).rejects.toThrow('stopped');
  await expect(renderInChild(whole(await photo(1)), { ...going, signal: stop.signal })).rejects.toThrow('stopped');
});

/** The id of the process that reads a picture now. */
async function pictureProcess(): Promise<string | false> {
  for (const pid of await readdir('/proc')) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const isOurs = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status);
    if (isOurs && line.includes('child.ts') && !line.startsWith('/bin/sh')) return pid;
  }
  return false;
}
