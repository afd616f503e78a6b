import { expect, test } from 'vitest';
import { SeenIds } from './seen-ids.ts';

const id = (end: number) => `019a0b1c-2d3e-7000-8000-${String(end).padStart(12, '0')}`;

test('known ids are offered by the key of an input, the newest first', () => {
  const seen = new SeenIds();
  seen.noteResult('auth.signup', { id: id(1), email: 'a@b.example' });
  seen.noteResult('chat.list', {
    chats: [{ id: id(2), workspaceId: id(3), lastMessage: { id: id(4) } }, { id: id(5) }],
  });
  seen.noteResult('notification.events', { chatId: id(5), message: { id: id(6), sender: { id: id(7) } } });
  expect(seen.of('userId')).toEqual([id(7), id(1)]);
  expect(seen.of('chatId')).toEqual([id(5), id(2)]);
  expect(seen.of('workspaceId')).toEqual([id(3)]);
  expect(seen.of('messageId')).toEqual([id(6), id(4)]);
  expect(seen.of('inviteId')).toEqual([]);
});

test('so are those of bots, webhooks, deliveries and devices, whatever the lists are called', () => {
  const seen = new SeenIds();
  seen.noteResult('bot.create', { bot: { id: id(1) }, apiKey: 'fck_…' });
  seen.noteResult('bot.list', { bots: [{ id: id(2) }] });
  seen.noteResult('webhook.create', { webhook: { id: id(3), botId: id(1) }, secret: 'whsec_…' });
  seen.noteResult('webhook.deliveries', { deliveries: [{ id: id(4) }, { id: id(5) }] });
  seen.noteResult('incomingWebhook.create', { incomingWebhook: { id: id(6), userId: id(7) }, url: 'https://…' });
  seen.noteResult('incomingWebhook.list', { incomingWebhooks: [{ id: id(8) }] });
  seen.noteResult('push.subscribe', { id: id(9) });
  seen.noteResult('push.subscriptions', { subscriptions: [{ id: id(10) }] });
  expect(seen.of('botId')).toEqual([id(1), id(2)]);
  expect(seen.of('webhookId')).toEqual([id(8), id(6), id(3)]);
  expect(seen.of('deliveryId')).toEqual([id(4), id(5)]);
  expect(seen.of('subscriptionId')).toEqual([id(10), id(9)]);
  // A bot is added to chats like a person.
  expect(seen.of('userId')).toEqual([id(7), id(2), id(1)]);
});
