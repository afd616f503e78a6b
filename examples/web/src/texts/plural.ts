/** The language of all texts. */
const LANGUAGE = 'en';

const rules = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(LANGUAGE);
const lists = new Intl.ListFormat(LANGUAGE, { style: 'long', type: 'conjunction' });

/** A text for a number, by the language's plural categories; `#` stands for the number, so names do not belong in it. */
export function plural(
  count: number,
  forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { other: string },
): string {
  return (forms[rules.select(count)] ?? forms.other).replaceAll('#', numbers.format(count));
}

/** Names as a list in a sentence. */
export const listed = (names: Iterable<string>): string => lists.format(names);
