import { nameToEmoji } from 'gemoji';

const TONES: Readonly<Record<string, string>> = { 2: '🏻', 3: '🏼', 4: '🏽', 5: '🏾', 6: '🏿' };

/** `thumbsup::skin-tone-3` → 👍🏼; a custom emoji stays `:name:`. */
export function emojiNamed(name: string): string {
  const [base = '', tone] = name.split('::skin-tone-');
  const emoji = Object.hasOwn(nameToEmoji, base) ? nameToEmoji[base] : undefined;
  if (emoji === undefined) return `:${base}:`;
  return tone === undefined ? emoji : `${emoji.replace('\uFE0F', '')}${TONES[tone] ?? ''}`;
}
