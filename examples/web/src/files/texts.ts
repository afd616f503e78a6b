import type { File as SentFile } from '@fechatter/client';
import { numberText } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

const states: Partial<Record<SentFile['state'], string>> = {
  Scanning: 'is being checked',
  Infected: 'a virus was found, it was deleted',
  Gone: 'it was deleted',
};

/** The texts of files. */
export const texts = translated('files', {
  toSend: 'Files to send',
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  unchanged: 'Send pictures unchanged, with their location and camera',
  kinds: { '': 'All files', image: 'Pictures', video: 'Films', audio: 'Sounds', other: 'Other files' },
  filesIn: (chat: string) => `Files in ${chat}`,
  show: 'Show',
  none: 'There are no files yet.',
  showOf: (name: string) => `Show ${name}`,
  states,
  play: 'Play',
  playOf: (name: string) => `Play ${name}`,
  download: 'Download',
  downloadOf: (name: string) => `Download ${name}`,
  uploading: (name: string) => `Uploading ${name}`,
  refused: 'refused on its way to the service',
  lost: 'not on this device any more',
  place: ({ index, count }: { index: number; count: number }) => `${numberText(index)} of ${numberText(count)}`,
  close: 'Close',
  previous: 'Previous',
  next: 'Next',
  cannotShow: 'It cannot be shown. It may have been deleted.',
  loading: 'Loading…',
});
