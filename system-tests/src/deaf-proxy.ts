import { type TcpProxy, tcpProxy } from '@fechatter/testing/tcp-proxy';

const NOTIFICATION = 'A'.charCodeAt(0);

/** A proxy to a database that drops notifications, like a pooler in transaction mode. */
export const deafProxy = (databaseUrl: string): Promise<TcpProxy> => tcpProxy(databaseUrl, { filter: deaf });

/** Passes on everything from Postgres except notifications. */
function deaf(): (chunk: Buffer) => readonly Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const passed: Buffer[] = [];
    // A message has a type, a length (4 bytes, including themselves) and content.
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const end = 1 + rest.readInt32BE(1);
      if (rest[0] !== NOTIFICATION) passed.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return passed;
  };
}
