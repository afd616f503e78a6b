import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for tests; made with the machine's `openssl`. */
export interface Authority extends AsyncDisposable {
  readonly cert: string;
  /** For DNS names; `days` below 0: expired. */
  sign(hosts: string | readonly string[], days?: number): Promise<Certificate>;
}

export async function authority(name: string): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'fechatter-ca-'));
  const file = (named: string) => join(folder, named);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const root = ['-x509', '-days', '2', '-subj', `/CN=${name}`, '-keyout', file('ca.key'), '-out', file('ca.crt')];
  await run('openssl', ['req', ...newKey, ...root]);
  let count = 0;
  return {
    cert: await readFile(file('ca.crt'), 'utf8'),
    async sign(hosts, days = 1) {
      const [host = '', ...others] = [hosts].flat();
      count += 1;
      const [key, request, cert, names] = ['key', 'csr', 'crt', 'ext'].map((end) => file(`${count}.${end}`));
      if (!key || !request || !cert || !names) throw new Error('four names were made');
      await run('openssl', ['req', ...newKey, '-subj', `/CN=${host}`, '-keyout', key, '-out', request]);
      await writeFile(names, `subjectAltName=${[host, ...others].map((name) => `DNS:${name}`).join(',')}\n`);
      const from = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', names];
      await run('openssl', ['x509', '-req', '-in', request, ...from, '-days', String(days), '-out', cert]);
      return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
