import { z } from 'zod';
import { limits } from './limits.ts';

const storable = (value: string) => value.isWellFormed() && !value.includes('\0');
const visible = (value: string) => /\S/u.test(value);

/**
 * Text that Postgres and JSON carry unchanged: well-formed Unicode without NUL. Lengths are UTF-16 code units, which
 * zod's own `min` and `max` do not count.
 */
const text = (minChars: number, maxChars: number) =>
  z
    .string()
    .refine(({ length }) => length >= minChars && length <= maxChars, {
      error: `must have ${minChars} to ${maxChars} characters (UTF-16 code units)`,
    })
    .refine(storable, { error: 'must be well-formed Unicode without NUL characters' })
    .meta({ minLength: minChars, maxLength: maxChars });

const shownText = (maxChars: number) => text(1, maxChars).refine(visible, { error: 'must not be white space alone' });

/** A message's text, stored as sent: 1 to 8,000 UTF-16 code units, not white space alone. */
export const Content = shownText(limits.contentMaxChars);
/** A name of a person, workspace or chat: 1 to 100 code units, not white space alone. */
export const Name = shownText(limits.nameMaxChars);
/** What a workspace is for: at most 1,000 code units. */
export const Description = text(0, limits.descriptionMaxChars);
/** An e-mail address of at most 254 code units; compared without regard to case. */
export const Email = z
  .email()
  .refine(({ length }) => length <= limits.emailMaxChars)
  .meta({ maxLength: limits.emailMaxChars });
/** A new password: 8 to 256 code units. */
export const Password = text(limits.passwordMinChars, limits.passwordMaxChars);
/** A picture's address: https, at most 2,048 code units. The service stores it and never fetches it. */
export const AvatarUrl = z
  .url({ protocol: /^https$/, hostname: z.regexes.domain })
  .refine((url) => url.length <= limits.urlMaxChars && storable(url))
  .meta({ maxLength: limits.urlMaxChars });
/** Part of a name to look for: at most 100 code units. */
export const SearchText = text(0, limits.nameMaxChars);
/** What a client holds without reading it (a token, a cursor): at most 512 printable ASCII characters. */
export const Opaque = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]+$/);
