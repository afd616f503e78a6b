import { createFechatter, type Message } from '@fechatter/client';

// The chat in the shop's page.

const place = document.querySelector<HTMLElement>('#chat');
const list = place?.querySelector('ol');
const form = place?.querySelector('form');
if (!place || !list || !form) throw new Error('the page has no place for the chat');

const chatter = createFechatter({ serverUrl: place.dataset.server ?? '', notifyUrl: place.dataset.notify ?? '' });
const response = await fetch('/chat-token', { method: 'POST' });
const { token } = (await response.json()) as { token: string };
await chatter.auth.exchange.mutate({ token });

const { chats, eventCursor } = await chatter.chat.list.query();
const chatId = chats[0]?.id ?? '';
const shown = new Set<string>();
const show = ({ id, sender, content }: Message) => {
  // What arrives between the two reads comes by both of them.
  if (shown.has(id)) return;
  shown.add(id);
  const line = document.createElement('li');
  line.textContent = `${sender.name}: ${content}`;
  list.append(line);
};
const { messages } = await chatter.message.list.query({ chatId });
for (const message of messages.toReversed()) show(message);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const input = form.elements.namedItem('content') as HTMLInputElement;
  const content = input.value;
  input.value = '';
  chatter.message.send.mutate({ chatId, content }).catch(() => (input.value = content));
});
for await (const event of chatter.events({ since: eventCursor }))
  if (event.kind === 'message.created' && event.chatId === chatId) show(event.message);
