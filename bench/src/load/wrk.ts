import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Need } from '../benchmark.ts';

export const wrkNeed: Need = { name: 'wrk', places: ['wrk'], install: 'apt-get install wrk' };

/** One request of a load, over and over; `text` is its body, and `path` may have a query. */
export interface WrkRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly token: string;
  readonly text?: string;
}

/** The result of a load. */
export interface WrkLoad {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface WrkOptions {
  /** The path of wrk. */
  readonly wrk: string;
  readonly url: string;
  /** A script that {@link wrkScript} wrote. */
  readonly script: string;
  readonly connections: number;
  readonly seconds: number;
}

/** Writes a script that sends these requests in turn, and returns its path. */
export async function wrkScript(folder: string, name: string, requests: readonly WrkRequest[]): Promise<string> {
  const lines = requests.map(({ method, path, token, text }) => {
    const headers = `{ ["content-type"] = "application/json", ["authorization"] = "Bearer ${token}" }`;
    return `  wrk.format("${method}", [[${path}]], ${headers}, ${text === undefined ? 'nil' : `[[${text}]]`}),`;
  });
  const path = join(folder, `${name}.lua`);
  const formatted = ['local made', 'init = function()', '  made = {', ...lines, '  }', 'end'];
  const turn = ['local at = 0', 'request = function()', '  at = at % #made + 1', '  return made[at]', 'end'];
  await writeFile(path, [...formatted, ...turn, ''].join('\n'));
  return path;
}

/**
 * Sends for `seconds` seconds over `connections` connections, one request in flight each. Throws if a response is not
 * 200.
 */
export async function wrkLoad({ wrk, url, script, connections, seconds }: WrkOptions): Promise<WrkLoad> {
  const args = [
    '-t',
    '1',
    '-c',
    String(connections),
    '--timeout',
    '30s',
    '-d',
    `${seconds}s`,
    '-s',
    script,
    '--latency',
    url,
  ];
  const { stdout } = await promisify(execFile)(wrk, args, { timeout: (seconds + 60) * 1_000 });
  const refused = /Non-2xx.*|Socket errors.*/.exec(stdout)?.[0];
  if (refused !== undefined) throw new Error(`wrk says: ${refused}`);
  const found = (pattern: RegExp) => pattern.exec(stdout)?.[1] ?? '';
  return {
    requests: Number(found(/(\d+) requests in/)),
    perSecond: Number(found(/Requests\/sec:\s+([\d.]+)/)),
    p50Ms: msOf(found(/^\s+50%\s+(\S+)/m)),
    p99Ms: msOf(found(/^\s+99%\s+(\S+)/m)),
  };
}

const unitsMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1_000, m: 60_000 };

/** `1.25ms`, `250us`, `2.00s`. */
function msOf(text: string): number {
  const [, value = '', unit = ''] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  return Number(value) * (unitsMs[unit] ?? Number.NaN);
}
