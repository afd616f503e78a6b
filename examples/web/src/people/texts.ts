import { translated } from '../texts/translated.ts';

/** The texts of a person's card. */
export const texts = translated('people', {
  card: (name: string) => `About ${name}`,
  someone: 'Someone',
  bot: 'Bot',
  guest: 'Guest',
  you: 'This is you.',
  suspended: 'This account is suspended.',
  gone: 'Not in this workspace any more.',
  message: 'Message',
  mention: 'Mention',
});
