import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  code: (language) => (language === '' ? 'Code' : `Code in ${language}`),
  copy: 'Code kopieren',
  copied: 'Kopiert',
  notCopied: 'Das ließ sich nicht kopieren.',
};
