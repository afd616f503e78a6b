import { z } from 'zod';
import { limits } from './limits.ts';
import { isOneLine, isPlain, isStorable, isVisible, isWellFormed } from './text/characters.ts';
import { addressForm, isAddress } from './text/email.ts';
import { parseUrl } from './text/parse-url.ts';

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
    .refine(isStorable, { error: 'must be well-formed Unicode without NUL characters' })
    .meta({ minLength: minChars, maxLength: maxChars });

/** Refuses what a browser would correct silently: a missing slash, a backslash, white space. */
const WRITTEN_OUT = /^https:\/\/[^/\\\s\p{Cc}][^\\\s\p{Cc}]*$/iu;
const isPictureUrl = (url: string): boolean =>
  isStorable(url) && WRITTEN_OUT.test(url) && z.regexes.domain.test(parseUrl(url)?.hostname ?? '');

const WEB = /^https?:\/\/[^/\\\s\p{Cc}][^\\\s\p{Cc}#]*$/iu;
const isWebhookUrl = (text: string): boolean => {
  const url = isStorable(text) && WEB.test(text) ? parseUrl(text) : undefined;
  return url !== undefined && url.username + url.password === '';
};

const NOTHING_TO_SEE = { error: 'must have a character that can be seen' };

/** A message's text, stored as sent: 1 to 8,000 UTF-16 code units, with at least one visible character. */
export const Content = text(1, limits.contentMaxChars).refine(isVisible, NOTHING_TO_SEE);
/** The same, or nothing: for a message that has files. */
export const ContentOrNone = text(0, limits.contentMaxChars).refine(
  (content) => content === '' || isVisible(content),
  NOTHING_TO_SEE,
);
/** What an app stores with a message's text: at most 4,096 code units, whose meaning only apps know. */
export const MessageData = text(0, limits.dataMaxChars);
/**
 * A name of a person, workspace or chat: 1 to 100 code units, with at least one visible character, on one line, and
 * without directional overrides, which would affect the text beside it.
 */
export const Name = text(1, limits.nameMaxChars)
  .refine(isVisible, NOTHING_TO_SEE)
  .refine(isOneLine, { error: 'must have no controls, line separators or directional overrides' });
/** Everything that changes the direction of the text around it: a name could seem to end in another way than it does. */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/**
 * The name of a file: 1 to 255 code units on one line, of which something can be seen, without a path, and without
 * directional marks, which could hide how it ends.
 */
export const FileName = text(1, limits.fileNameMaxChars)
  .refine(isVisible, NOTHING_TO_SEE)
  .refine((name) => isOneLine(name) && !BIDI.test(name), {
    error: 'must have no controls, line separators or directional marks',
  })
  .refine((name) => !/[/\\]/.test(name) && name !== '.' && name !== '..', { error: 'must be a name without a path' });
/** The topic of a chat: 1 to 250 code units on one line, with at least one visible character. */
export const Topic = text(1, limits.topicMaxChars)
  .refine(isVisible, NOTHING_TO_SEE)
  .refine(isOneLine, { error: 'must have no controls, line separators or directional overrides' });
/** The text of a custom status: 1 to 100 code units on one line, with at least one visible character. */
export const StatusText = text(1, limits.statusTextMaxChars)
  .refine(isVisible, NOTHING_TO_SEE)
  .refine(isOneLine, { error: 'must have no controls, line separators or directional overrides' });
/** A workspace's description: at most 1,000 code units, which may include newlines and tabs. */
export const Description = text(0, limits.descriptionMaxChars).refine(isPlain, {
  error: 'must have no controls but newlines and tabs, and no directional overrides',
});
/**
 * An e-mail address of at most 254 code units; compared without regard to case. An internationalised domain is
 * converted to its `xn--…` form, so both forms are the same address.
 */
export const Email = z
  .string()
  .max(limits.emailMaxChars)
  .overwrite(addressForm)
  .refine((address) => address.length <= limits.emailMaxChars && isAddress(address), {
    error: 'must be an e-mail address',
  })
  .meta({ format: 'email' });
/** A new password: 8 to 256 code units. */
export const Password = text(limits.passwordMinChars, limits.passwordMaxChars);
/**
 * Text that a user typed or pasted, to be compared: any text is valid, so that the rules of the real value give no
 * hint.
 */
export const Typed = z.string().max(1_000).refine(isWellFormed, { error: 'must be well-formed Unicode' });
/** A picture's address: https, at most 2,048 code units. The service stores it and never fetches it. */
export const AvatarUrl = z
  .string()
  .max(limits.urlMaxChars)
  .refine(isPictureUrl, { error: 'must be an https URL' })
  .meta({ format: 'uri' });
/**
 * The address of a webhook: http or https without user and password, at most 2,048 code units. Where it leads is checked
 * whenever something is sent.
 */
export const WebhookUrl = z
  .string()
  .max(limits.urlMaxChars)
  .refine(isWebhookUrl, { error: 'must be an https URL without user, password and fragment' })
  .meta({ format: 'uri' });
/** What another app calls a person, workspace or chat: 1 to 255 code units, compared as they are. */
export const ExternalId = text(1, limits.externalIdMaxChars);
/** A part of a name to search for: at most 100 code units. */
export const SearchText = text(0, limits.nameMaxChars);
/** A value that is opaque to clients (a token, a cursor): at most 512 printable ASCII characters. */
export const Opaque = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[\x21-\x7e]+$/);
