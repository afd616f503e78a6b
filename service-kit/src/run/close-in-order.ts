import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** For so long what the other side still sends is read and dropped. */
const LINGER_MS = 2_000;

/** Whether a request announces a body that has not come in whole. */
function isUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * An answer that goes out before the request's body has come in whole says `connection: close`: what is left of the body
 * stands where the next request would. Every head goes through `writeHead`, those that node writes by itself too.
 */
export class ClosingAfterUnreadBody extends ServerResponse {
  override writeHead(status: number, ...rest: unknown[]): this {
    if (isUnread(this.req)) this.shouldKeepAlive = false;
    return super.writeHead(status, ...(rest as [OutgoingHttpHeaders?]));
  }
}

/** Lets node read to the end of what has arrived: a small body stands behind its head, and a quick answer overtakes it. */
export async function arrived(incoming: IncomingMessage): Promise<void> {
  if (isUnread(incoming)) await new Promise((settle) => setImmediate(settle));
}

/**
 * Makes node's own closing of a connection orderly, as nginx's `lingering_close` does: our side ends, and the other one's
 * rest is read for a moment. A socket that is closed with data unread resets the connection, and the reset takes the
 * answer away from a client that is still sending.
 */
export function closeInOrder(socket: Socket): void {
  socket.destroySoon = () => {
    socket.end();
    if (socket.destroyed) return;
    socket.resume();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  };
}
