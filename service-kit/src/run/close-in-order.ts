import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** For how long the rest of a request is read and discarded. */
const LINGER_MS = 2_000;

/** Whether a request announces a body that has not arrived completely. */
function isUnread({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/**
 * A response that is sent before the request's body has arrived completely has `connection: close`, because the rest of
 * the body is where the next request would be. Every head goes through `writeHead`, also those that node writes by
 * itself.
 */
export class ClosingAfterUnreadBody extends ServerResponse {
  override writeHead(status: number, ...rest: unknown[]): this {
    if (isUnread(this.req)) this.shouldKeepAlive = false;
    return super.writeHead(status, ...(rest as [OutgoingHttpHeaders?]));
  }
}

/**
 * Lets node read what has already arrived: a small body follows its head immediately, and a quick response must not
 * overtake it.
 */
export async function arrived(incoming: IncomingMessage): Promise<void> {
  if (isUnread(incoming)) await new Promise((settle) => setImmediate(settle));
}

/**
 * Closes a connection in an orderly way, as nginx's `lingering_close` does: our side ends, and what the other side
 * still sends is read for a moment. Closing a socket with unread data resets the connection, and the reset can discard
 * the response for a client that is still sending.
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
