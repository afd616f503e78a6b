import type { Texts } from './text.ts';
import { de } from './texts-de.ts';
import { en } from './texts-en.ts';

/** All texts, by language. */
export const texts = { en, de } as const satisfies Record<string, Texts>;
