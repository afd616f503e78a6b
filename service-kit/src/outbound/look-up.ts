import { lookup as systemLookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: number;
}
/** All addresses of a host name; none, or an error: it has none. The signal ends the look-up, if it can be ended. */
export type LookUp = (host: string, signal: AbortSignal) => Promise<readonly Address[]>;

export interface LookUpOptions {
  /** Default: those of the system. */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
}

const QUESTION_TIMEOUT_MS = 2_000;
const QUESTION_TRIES = 2;

/**
 * Looks names up without the system's resolver, which blocks a thread of the process for as long as a DNS server is silent: with
 * one such name per thread, nobody could look up anything. A name without a dot is the system's own (its hosts file, its
 * search domains), and so is what the hosts file names. Search domains do not apply to other names.
 */
export function createLookUp({ servers, hostsFile = '/etc/hosts' }: LookUpOptions = {}): LookUp {
  return async (host, signal) => {
    if (!host.includes('.')) return systemLookup(host, { all: true });
    const local = hostsOf(await readFile(hostsFile, 'utf8').catch(() => ''), host);
    return local.length > 0 ? local : ask(host, signal, servers);
  };
}

async function ask(host: string, signal: AbortSignal, servers: LookUpOptions['servers']): Promise<readonly Address[]> {
  signal.throwIfAborted();
  const resolver = new Resolver({ timeout: QUESTION_TIMEOUT_MS, tries: QUESTION_TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [of4, of6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = [of4, of6].flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
    if (addresses.length === 0 && of4.status === 'rejected') throw of4.reason;
    return addresses.map((address) => ({ address, family: isIP(address) }));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The addresses of a name in a hosts file. */
function hostsOf(text: string, host: string): readonly Address[] {
  const wanted = host.toLowerCase().replace(/\.$/, '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    const family = isIP(address);
    return family !== 0 && names.some((name) => name.toLowerCase() === wanted) ? [{ address, family }] : [];
  });
}
