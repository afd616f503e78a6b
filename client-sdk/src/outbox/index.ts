export { createOutbox, type Outbox, type OutboxOptions, type Sending } from './create-outbox.ts';
export type { UnsentMessage } from './unsent-message.ts';
