import type { ChatSignal } from '@fechatter/contract';
import { hiddenFrom } from '@fechatter/drizzle';
import type { Hub } from '../hub/hub.ts';
import type { Frame } from '../wire/frame.ts';
import { signalFrame } from './signal-frame.ts';

/**
 * Sends a signal to the live streams of everyone who is in its chat now, except the person whom it is about; returns
 * the number of streams. It is subject to the same rule and lease as content: if this process does not know the current
 * memberships, it sends nothing.
 */
export function deliverSignal(hub: Hub, signal: ChatSignal): number {
  const { position } = hub;
  if (position === undefined || !hub.isFresh) return 0;
  const without = hiddenFrom(signal);
  let frame: Frame | undefined;
  let deliveries = 0;
  for (const reader of hub.roster.readersNow(signal.chatId)) {
    if (reader.userId === signal.userId || without.has(reader.userId)) continue;
    for (const connection of reader.connections) {
      if (!connection.takesSignals) continue;
      frame ??= signalFrame(position, signal);
      connection.transport.send(frame);
      deliveries++;
    }
  }
  return deliveries;
}
