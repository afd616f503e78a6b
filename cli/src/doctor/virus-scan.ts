import { scanContent } from '@fechatter/service-kit';
import { type Check, ok, problem } from './finding.ts';

const CHUNK = Buffer.alloc(65_536);
const SCAN_MS = 60_000;

/** Has clamd scan as many zeros as the largest file has bytes, if it is configured. */
export const checkVirusScan: Check = async ({ config: { files } }) => {
  const { host, port } = files.clamav;
  if (host === undefined) return [];
  try {
    await scanContent({ host, port }, zeros(files.fileMaxBytes), {
      signal: new AbortController().signal,
      deadlineMs: SCAN_MS,
    });
    return [ok('virus scan', `clamd at ${host}:${port} scans files of ${files.fileMaxBytes} bytes`)];
  } catch (error) {
    return [
      problem(
        'virus scan',
        `clamd at ${host}:${port} cannot scan a file of ${files.fileMaxBytes} bytes: ${(error as Error).message}`,
        'Until it can, files stay Scanning and nobody can download them. Start clamd, look at files.clamav, and set its StreamMaxLength, MaxFileSize and MaxScanSize to at least files.fileMaxBytes.',
      ),
    ];
  }
};

async function* zeros(sizeBytes: number): AsyncGenerator<Uint8Array> {
  for (let left = sizeBytes; left > 0; left -= CHUNK.length) yield await Promise.resolve(CHUNK.subarray(0, left));
}
