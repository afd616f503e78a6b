import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** A log that keeps its last 10 to 20 MiB: when it is full, it is renamed to `<name>.1` and a new file begins. */
export interface LogFile {
  readonly path: string;
  write(chunk: Buffer): void;
}

const MAX_BYTES = 10_485_760;

export function openLogFile(path: string): LogFile {
  let file = openSync(path, 'a', 0o600);
  let bytes = fstatSync(file).size;
  return {
    path,
    write(chunk) {
      if (bytes > MAX_BYTES) {
        closeSync(file);
        renameSync(path, `${path}.1`);
        file = openSync(path, 'a', 0o600);
        bytes = 0;
      }
      bytes += writeSync(file, chunk);
    },
  };
}
