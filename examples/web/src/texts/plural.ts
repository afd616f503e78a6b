import { language, locale } from './language.ts';

const rules = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(locale);
const lists = new Intl.ListFormat(language, { style: 'long', type: 'conjunction' });

/** A text for a number, by the language's plural categories; `#` stands for the number, so names do not belong in it. */
export function plural(
  count: number,
  forms: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { other: string },
): string {
  return (forms[rules.select(count)] ?? forms.other).replaceAll('#', numberText(count));
}

/** A number as it is written in the language. */
export const numberText = (value: number): string => numbers.format(value);

/** Names as a list in a sentence. */
export const listed = (names: Iterable<string>): string => lists.format(names);
