import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Emoji',
  none: 'Es gibt noch keins.',
  intro: 'Alle im Workspace können damit reagieren und sie als :name: schreiben.',
  new: 'Neues Emoji',
  name: 'Sein Name',
  nameHint: '2 bis 32 Kleinbuchstaben, Ziffern und Unterstriche.',
  nameWrong: 'Der Name hat 2 bis 32 Kleinbuchstaben, Ziffern und Unterstriche.',
  picture: 'Sein Bild',
  pictureHint: 'Ein PNG, JPEG, GIF, WebP oder AVIF von höchstens 1 MiB. Es wird auf höchstens 128 Pixel verkleinert.',
  tooLarge: 'Das Bild hat mehr als 1 MiB.',
  noPicture: 'Wähle ein Bild.',
  create: 'Emoji hinzufügen',
  delete: 'Löschen',
  deleteName: (name) => `${name} löschen`,
  deleteSure: 'Löschen?',
};
