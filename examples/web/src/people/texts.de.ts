import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  card: (name) => `Über ${name}`,
  someone: 'Jemand',
  bot: 'Bot',
  guest: 'Gast',
  you: 'Das bist du.',
  suspended: 'Dieses Konto ist gesperrt.',
  gone: 'Nicht mehr in diesem Workspace.',
  message: 'Nachricht',
  mention: 'Erwähnen',
};
