import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends one raw request on its own connection, and returns all bytes that came back. */
export async function rawExchange(
  url: string,
  head: string,
  body = '',
  deadlineMs = 5_000,
): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => (received += chunk));
  socket.on('error', () => {});
  socket.write(Buffer.from(`${head}\r\nconnection: close\r\n\r\n${body}`, 'latin1'));
  try {
    await once(socket, 'close', { signal: AbortSignal.timeout(deadlineMs) });
  } finally {
    socket.destroy();
  }
  const [top = '', ...rest] = received.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(top)?.[1]), head: top, body: rest.join('\r\n\r\n') };
}
