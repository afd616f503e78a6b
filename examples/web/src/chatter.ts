import { createFechatter, localStorageStorage } from '@fechatter/client';

const notifyUrl = document.querySelector<HTMLMetaElement>('meta[name="notify-url"]')?.content;

/** The one client of this page: every call, and the session, which all tabs share. */
export const chatter = createFechatter({
  serverUrl: location.origin,
  notifyUrl: notifyUrl ?? 'http://127.0.0.1:6687',
  storage: localStorageStorage(),
});
