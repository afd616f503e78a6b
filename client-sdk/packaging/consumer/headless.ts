import { createFechatter, localStorageStorage } from '@fechatter/client';
import { createOutbox } from '@fechatter/client/outbox';
import { readState } from '@fechatter/client/state';
import { createStore } from '@fechatter/client/store';

// A program without a page: no types of the DOM.

export const client = createFechatter({
  serverUrl: 'https://chat.example.com',
  notifyUrl: 'https://n.example.com',
  storage: localStorageStorage(),
});
export const store = createStore(client, { outbox: createOutbox(client) });
export const state = () => readState(client);
