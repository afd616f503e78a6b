import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  edit: 'Nachricht bearbeiten',
  more: 'Weitere Aktionen',
  copyLink: 'Link kopieren',
  markUnread: 'Als ungelesen markieren',
  delete: 'Nachricht löschen',
  deleteSure: 'Für alle löschen?',
};
