import { createPushes } from '@fechatter/client/push';
import { chatter } from '../chatter.ts';
import { chatLink, goWhen } from '../route.ts';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(url: string): string };
}
const SCRIPT = '/push-worker.js';
const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
/** The page may load no script by an address that is not trusted; this policy knows only one. */
const policy = trustedTypes?.createPolicy('push-worker', { createScriptURL: () => SCRIPT });

/** The service worker is registered only for people who want notifications. */
async function registration(): Promise<ServiceWorkerRegistration> {
  await navigator.serviceWorker.register(policy?.createScriptURL(SCRIPT) ?? SCRIPT);
  return navigator.serviceWorker.ready;
}

/** Notifications of this browser while the page is closed. */
export const pushes = createPushes(chatter, registration);

/**
 * Keeps them up to date while somebody is signed in: renews the subscription, opens what a notification was clicked for, closes
 * the notifications of what was read, here or on another device, and clears the badge of the app when the page is seen. Returns
 * what stops it.
 */
export function keepPushes(): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  navigator.serviceWorker?.addEventListener(
    'message',
    ({ data }: MessageEvent<{ openChat?: string }>) => {
      if (data.openChat !== undefined) void goWhen(linkOf(data.openChat));
    },
    { signal },
  );
  document.addEventListener('visibilitychange', clearBadge, { signal });
  clearBadge();
  const events = chatter.subscribe({
    onEvent(event) {
      if (event.kind === 'chat.read') void close(event.chatId);
    },
  });
  void pushes.restore().catch(() => {});
  return () => {
    stop.abort();
    events.unsubscribe();
  };
}

function clearBadge(): void {
  if (document.visibilityState === 'visible') void navigator.clearAppBadge?.().catch(() => {});
}

const linkOf = async (chatId: string): Promise<string> => chatLink(await chatter.chat.get.query({ chatId }));

async function close(chatId: string): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  for (const notification of (await worker?.getNotifications({ tag: chatId })) ?? []) notification.close();
}
