import { plural } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  keptHere: (count) =>
    plural(count, {
      one: 'Ein nicht gesendeter Text bleibt auf diesem Gerät, bis du dich wieder anmeldest.',
      other: '# nicht gesendete Texte bleiben auf diesem Gerät, bis du dich wieder anmeldest.',
    }),
  discardAllSure: 'Endgültig verwerfen?',
  discard: 'Verwerfen',
  discardSure: 'Verwerfen?',
  unsent: 'Was du nicht gesendet hast',
  wereWriting: 'Das hast du hier geschrieben:',
  wereChanging: 'Du hast eine Nachricht bearbeitet:',
  notSent: 'Das wurde nicht gesendet:',
  files: 'Dateien, die nicht gesendet wurden:',
  save: 'Speichern',
  saveFile: (name) => `${name} speichern`,
  fileGone: 'nicht mehr auf diesem Gerät',
  copy: 'Kopieren',
  copied: 'Kopiert',
  lost: 'Nicht gesendeter Text',
};
