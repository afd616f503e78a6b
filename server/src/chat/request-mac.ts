import type { Config } from '@fechatter/service-kit';
import { createHmac, hkdfSync } from 'node:crypto';
import type { WantedChat } from './new-chat.ts';

type Auth = Config<'server'>['auth'];
const keys = new WeakMap<Auth, Buffer>();

/**
 * Distinguishes a repeat of chat.create from a reused clientId, even if the chat has been renamed or has other members
 * by now. Keyed, because it covers a name.
 */
export function requestMac(auth: Auth, wanted: Omit<WantedChat, 'requestMac'>): Buffer {
  const { workspaceId, chatType, name, creatorId, others } = wanted;
  const request = JSON.stringify([workspaceId, chatType, name, [creatorId, ...others].toSorted()]);
  return createHmac('sha256', keyOf(auth)).update(request, 'utf8').digest();
}

function keyOf(auth: Auth): Buffer {
  let key = keys.get(auth);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', auth.secret, '', 'fechatter.chat-request', 32));
    keys.set(auth, key);
  }
  return key;
}
