import { createFechatter, FechatterOptionError, type Message } from '@fechatter/client';
import { createOutbox } from '@fechatter/client/outbox';
import { useMessages } from '@fechatter/client/react';
import { emptyState } from '@fechatter/client/state';
import { createStore } from '@fechatter/client/store';

// A program in CommonJS.

const client = createFechatter({ serverUrl: 'https://chat.example.com', notifyUrl: 'https://n.example.com' });
const send = (chatId: string): Promise<Message> => client.message.send.mutate({ chatId, content: 'hi' });
const parts: readonly unknown[] = [send, createOutbox, createStore, emptyState, useMessages];
if (client.session !== null || !parts.every((part) => part !== undefined)) throw new Error('something is missing');
try {
  createFechatter({} as never);
} catch (error) {
  if (!(error instanceof FechatterOptionError)) throw error;
  console.log(error.message);
}
