export { createOutbox } from './create-outbox.ts';
export { NotSentError } from './not-sent.ts';
export type { MessageExtras, Outbox, OutboxOptions, Sending } from './outbox.ts';
export type { NewFile, UnsentFile } from './unsent-file.ts';
export type { UnsentMessage } from './unsent-message.ts';
