import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Need } from '../benchmark.ts';

export const curlNeed: Need = { name: 'curl', places: ['curl'], install: 'apt-get install curl' };

/** One request: `from` is the file that is its body. What comes back is thrown away. */
export interface Transfer {
  readonly url: string;
  readonly token?: string;
  readonly from?: string;
}

const DEADLINE_MS = 300_000;

/** Makes requests in one curl, up to three at once as the SDK does; throws if one fails. Returns the time, in seconds. */
export async function curlTransfers(curl: string, script: string, transfers: readonly Transfer[]): Promise<number> {
  const blocks = transfers.map(({ url, token, from }) => [
    `url = "${url}"`,
    'output = "/dev/null"',
    'fail',
    'silent',
    'show-error',
    // Without waiting for "100 Continue".
    'header = "Expect:"',
    ...(token === undefined ? [] : [`header = "Authorization: Bearer ${token}"`]),
    ...(from === undefined ? [] : [`upload-file = "${from}"`]),
  ]);
  // A file of its own, because the token must not be an argument.
  await writeFile(script, blocks.map((lines) => `${lines.join('\n')}\n`).join('next\n'), { mode: 0o600 });
  const startedAtMs = performance.now();
  const args = ['--disable', '--parallel', '--parallel-max', '3', '--fail-early', '--config', script];
  await promisify(execFile)(curl, args, { timeout: DEADLINE_MS });
  return (performance.now() - startedAtMs) / 1_000;
}
