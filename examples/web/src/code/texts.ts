import { translated } from '../texts/translated.ts';

/** The texts of code in messages. */
export const texts = translated('code', {
  code: (language: string) => (language === '' ? 'Code' : `Code in ${language}`),
  copy: 'Copy code',
  copied: 'Copied',
  notCopied: 'It could not be copied.',
});
