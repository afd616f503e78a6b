import * as core from '@fechatter/client';
import * as files from '@fechatter/client/files';
import * as outbox from '@fechatter/client/outbox';
import * as push from '@fechatter/client/push';
import * as react from '@fechatter/client/react';
import * as state from '@fechatter/client/state';
import * as store from '@fechatter/client/store';
import * as webhooks from '@fechatter/client/webhooks';

// A library on top of the SDK: every type that is inferred here has a name that its declarations may use.

export const modules = {
  core: { ...core },
  outbox: { ...outbox },
  files: { ...files },
  push: { ...push },
  react: { ...react },
  state: { ...state },
  store: { ...store },
  webhooks: { ...webhooks },
};
export const verified = webhooks.verifyWebhook('', { headers: {}, body: '' });
export const client = core.createFechatter({
  serverUrl: 'https://chat.example.com',
  notifyUrl: 'https://n.example.com',
});
export const { session, storage } = client;
export const extras = () => ({ events: client.events(), signedOut: client.signout(), restored: client.restore() });
export const { auth, chat, message, notification, user, workspace } = client;
export const subscription = client.subscribe({ onEvent() {} });
export const ownOutbox = outbox.createOutbox(client);
export const ownStore = store.createStore(client, { outbox: ownOutbox });
export const history = ownStore.messages('');
export const sending = ownStore.send('', '');
export const parts = { ...ownStore };
export const pushes = push.createPushes(client, () => navigator.serviceWorker.ready);
export const snapshots = () => ({
  chats: ownStore.chats.getSnapshot(),
  chat: ownStore.chat('').getSnapshot(),
  messages: history.getSnapshot(),
  members: ownStore.members('').getSnapshot(),
  workspaces: ownStore.workspaces.getSnapshot(),
  connection: ownStore.connection.getSnapshot(),
  unread: ownStore.unread.getSnapshot(),
  unsent: ownOutbox.unsent.getSnapshot(),
});
export const calls = {
  chats: () => client.chat.list.query(),
  send: () => client.message.send.mutate({ chatId: '', content: '' }),
  audit: () => client.workspace.auditLog.query({ workspaceId: '' }),
  written: () => client.user.export.query(),
  events: () => client.notification.list.query({}),
};
export const useRoom = (chatId: string) => ({
  messages: react.useMessages(chatId),
  members: react.useMembers(chatId),
  message: react.useMessage(chatId, chatId),
  send: react.useSend(chatId),
  connection: react.useConnection(),
  store: react.useCreateStore(client),
  pushes: react.usePushes(pushes),
});
export class Chatter {
  readonly client = client;
  readonly feature = client.message;
  readonly connection = ownStore.connection;
}
