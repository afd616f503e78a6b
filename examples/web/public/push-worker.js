// The service worker of this page: shows pushes while the page is closed, and opens their conversation. It caches nothing.

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => event.waitUntil(show(event.data?.json() ?? {})));

/** A browser ends the subscription of a page that shows nothing for a push. */
async function show({ chat_id: chatId, badge, title, body, mentioned, test }) {
  await self.navigator.setAppBadge?.(badge).catch(() => {});
  await self.registration.showNotification(title ?? (test ? 'Notifications work' : 'New messages'), {
    body: body ?? (mentioned ? 'You were mentioned.' : undefined),
    // The next one of the same conversation replaces it.
    tag: chatId ?? 'test',
    renotify: true,
    data: { chatId },
  });
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.chatId));
});

/** In a tab that is open already, if there is one. */
async function open(chatId) {
  const [tab] = await self.clients.matchAll({ type: 'window' });
  if (tab === undefined) {
    await self.clients.openWindow(chatId === undefined ? './' : `./#/-/${chatId}`);
    return;
  }
  await tab.focus();
  if (chatId !== undefined) tab.postMessage({ openChat: chatId });
}
