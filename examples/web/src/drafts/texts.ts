import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of what is not sent yet. */
export const texts = translated('drafts', {
  keptHere: (count: number) =>
    plural(count, {
      one: 'One text that you have not sent is kept on this device until you sign in again.',
      other: '# texts that you have not sent are kept on this device until you sign in again.',
    }),
  discardAllSure: 'Discard them for good?',
  discard: 'Discard',
  discardSure: 'Discard it?',
  unsent: 'What you have not sent',
  wereWriting: 'You were writing here:',
  wereChanging: 'You were changing a message:',
  notSent: 'This was not sent:',
  files: 'Files that were not sent:',
  save: 'Save',
  saveFile: (name: string) => `Save ${name}`,
  fileGone: 'not on this device any more',
  copy: 'Copy',
  copied: 'Copied',
  lost: 'Text that was not sent',
});
