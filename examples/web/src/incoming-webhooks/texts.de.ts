import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  hint: 'Programme, die in Slack schreiben, können auch hier schreiben: Gib ihnen eine Adresse. Wer sie kennt, kann schreiben.',
  since: (date) => `Seit ${date}`,
  deleteSure: 'Löschen?',
  delete: 'Löschen',
  deleteOf: (name) => `${name} löschen`,
  address: 'Adresse des Webhooks',
  copyAddress: 'Adresse kopieren',
  create: 'Adresse erstellen',
  name: 'Name, unter dem es schreibt',
};
