import type { MailDetails, MailKind } from '@fechatter/drizzle';

/** The values that a text may contain. */
export interface TextFacts {
  /** The name of the deployment. */
  readonly name: string;
  readonly details: MailDetails;
  /** When it happened, formatted for people. */
  readonly when: string;
}

/** A mail in one language: its paragraphs, and the label of its link if it has one. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: string;
}

/**
 * The names of all texts. No text contains what users chose themselves (names, messages), so that mails cannot carry
 * advertising.
 */
export type TextName = MailKind | 'addressHeld' | 'addressTaken' | 'test';
export type Texts = Readonly<Record<TextName, (facts: TextFacts) => MailText>>;

/** When, from where and with which client something was done, so that readers can recognise their own actions. */
export const linesOf =
  (whenWord: string, fromWord: string, withWord: string) =>
  (when: string, { ip, userAgent }: MailDetails): string =>
    [
      `${whenWord}: ${when}`,
      ...(ip ? [`${fromWord}: ${ip}`] : []),
      ...(userAgent ? [`${withWord}: ${userAgent}`] : []),
    ].join('\n');

/** Mentions are counted up to a hundred. */
const COUNTED_MAX = 100;
export const many = (count: number): string => (count >= COUNTED_MAX ? '100+' : String(count));
