import { language } from './language.ts';

/** The English texts of the folders that are loaded, which become the language's. */
const known = new Map<string, object>();
let translations: Readonly<Record<string, object>> = {};

/** Returns the texts of a folder in the person's language; they are given in English. Read them when you render. */
export function translated<Texts extends object>(folder: string, texts: Texts): Texts {
  known.set(folder, texts);
  return Object.assign(texts, translations[folder]);
}

/** Loads the texts of the person's language before the first of them is shown. They stay English if that fails. */
export async function loadTranslations(): Promise<void> {
  try {
    if (language === 'de') translations = (await import('./german.ts')).german;
    document.documentElement.lang = language;
  } catch {
    return;
  }
  for (const [folder, texts] of known) Object.assign(texts, translations[folder]);
}
