import { numberText } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  toSend: 'Dateien zum Senden',
  remove: 'Entfernen',
  removeOf: (name) => `${name} entfernen`,
  unchanged: 'Bilder unverändert senden, mit Ort und Kamera',
  kinds: { '': 'Alle Dateien', image: 'Bilder', video: 'Videos', audio: 'Audio', other: 'Andere Dateien' },
  filesIn: (chat) => `Dateien in ${chat}`,
  show: 'Anzeigen',
  none: 'Noch keine Dateien.',
  showOf: (name) => `${name} anzeigen`,
  states: {
    Scanning: 'wird geprüft',
    Infected: 'ein Virus wurde gefunden, sie wurde gelöscht',
    Gone: 'wurde gelöscht',
  },
  play: 'Abspielen',
  playOf: (name) => `${name} abspielen`,
  download: 'Herunterladen',
  downloadOf: (name) => `${name} herunterladen`,
  uploading: (name) => `${name} wird hochgeladen`,
  refused: 'auf dem Weg zum Dienst abgelehnt',
  lost: 'nicht mehr auf diesem Gerät',
  place: ({ index, count }) => `${numberText(index)} von ${numberText(count)}`,
  close: 'Schließen',
  previous: 'Zurück',
  next: 'Weiter',
  cannotShow: 'Sie kann nicht angezeigt werden. Vielleicht wurde sie gelöscht.',
  loading: 'Wird geladen …',
};
