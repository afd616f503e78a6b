import { markText } from '../load/subscribers.ts';

/** The text that both systems get. */
export const textOf = (mark: number): string =>
  `${markText(mark)} is a message of about the length that people write to each other in a chat, give or take a few words.`;
