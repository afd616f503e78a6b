import { lookup as systemLookup } from 'node:dns/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dnsServer } from '../testing/dns-server.ts';
import { createLookUp } from './look-up.ts';

const never = new AbortController().signal;
const of4 = (address: string) => ({ address, family: 4 });

test('names whose DNS server is silent block no other look-up, and end with the signal', async () => {
  const dns = await dnsServer([['1.2.3.4']], { isSilent: (name) => name.endsWith('silent.test') });
  try {
    const lookUp = createLookUp({ servers: [dns.server] });
    const stop = new AbortController();
    const silent = Array.from({ length: 100 }, (_, n) => lookUp(`${n}.silent.test`, AbortSignal.any([stop.signal])));
    const ended = Promise.allSettled(silent);
    expect(await lookUp('found.test', never)).toEqual([of4('1.2.3.4')]);
    // The threads of the process are free.
    expect(await systemLookup('127.0.0.1')).toEqual(of4('127.0.0.1'));
    expect(await Promise.race([...silent, Promise.resolve('silent')])).toBe('silent');
    stop.abort();
    expect(new Set((await ended).map(({ status }) => status))).toEqual(new Set(['rejected']));
    await expect(lookUp('again.silent.test', stop.signal)).rejects.toThrow();
  } finally {
    dns.close();
  }
});

test('names of the hosts file, and names without a dot, are the system’s', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hosts-'));
  const hostsFile = join(folder, 'hosts');
  await writeFile(
    hostsFile,
    '# 9.9.9.9 inside.test\n10.0.0.1 inside.test other.test # ours\n::1\tINSIDE.test\n1 bad.test\n',
  );
  const dns = await dnsServer([]);
  try {
    const lookUp = createLookUp({ servers: [dns.server], hostsFile });
    expect(await lookUp('Inside.test.', never)).toEqual([of4('10.0.0.1'), { address: '::1', family: 6 }]);
    expect(await lookUp('localhost', never)).toContainEqual(of4('127.0.0.1'));
    expect(dns.asked()).toBe(0);
    await expect(lookUp('bad.test', never)).rejects.toThrow();
    expect(dns.asked()).toBe(1);
  } finally {
    dns.close();
    await rm(folder, { recursive: true });
  }
});
