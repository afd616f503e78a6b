/** The languages of the page, by their own names. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const KEY = 'fechatter.language';
export const isLanguage = (text: string | null): text is Language => text !== null && Object.hasOwn(languages, text);
const baseOf = (locale: string) => locale.toLowerCase().split('-')[0] ?? '';

/** The language that the person chose on this device; undefined: the browser's. */
export function chosenLanguage(): Language | undefined {
  try {
    const kept = localStorage.getItem(KEY);
    return isLanguage(kept) ? kept : undefined;
  } catch {
    // There is no storage, or the browser forbids it.
    return undefined;
  }
}

/** Keeps the choice on this device, undefined for the browser's language, and shows the page in it; drafts are kept. */
export function chooseLanguage(language: Language | undefined): void {
  if (language === undefined) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, language);
  location.reload();
}

const wanted: readonly string[] = globalThis.navigator?.languages ?? [];

/** The language of all texts. */
export const language: Language = chosenLanguage() ?? wanted.map(baseOf).find(isLanguage) ?? 'en';

/** The same for dates and numbers, as written in the person's country if the browser knows it. */
export const locale: string = wanted.find((one) => baseOf(one) === language) ?? language;
