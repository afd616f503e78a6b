import { z } from 'zod';
import { limits } from './limits.ts';

const storable = (value: string) => value.isWellFormed() && !value.includes('\0');
const visible = (value: string) => /\S/u.test(value);

/** Text that Postgres and JSON carry unchanged: well-formed Unicode without NUL. */
const text = (maxChars: number) =>
  z.string().max(maxChars).refine(storable, { error: 'must be well-formed Unicode without NUL characters' });

const shownText = (maxChars: number) =>
  text(maxChars).min(1).refine(visible, { error: 'must not be white space alone' });

/** A message's text, stored as sent: 1 to 8,000 UTF-16 code units, not white space alone. */
export const Content = shownText(limits.contentMaxChars);
/** A name of a person, workspace or chat: 1 to 100 code units, not white space alone. */
export const Name = shownText(limits.nameMaxChars);
/** What a workspace is for: at most 1,000 code units. */
export const Description = text(limits.descriptionMaxChars);
/** An e-mail address of at most 254 code units; compared without regard to case. */
export const Email = z.email().max(limits.emailMaxChars).refine(storable);
/** A new password: 8 to 256 code units. */
export const Password = text(limits.passwordMaxChars).min(limits.passwordMinChars);
/** A picture's address: https, at most 2,048 code units. The service stores it and never fetches it. */
export const AvatarUrl = z
  .url({ protocol: /^https$/, hostname: z.regexes.domain })
  .max(limits.urlMaxChars)
  .refine(storable);
/** Part of a name to look for: at most 100 code units. */
export const SearchText = text(limits.nameMaxChars);
/** What a client holds without reading it (a token, a cursor): at most 512 printable ASCII characters. */
export const Opaque = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]+$/);
