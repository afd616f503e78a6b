import type { MailDetails } from '@fechatter/drizzle';

/** What a text may name. */
export interface TextFacts {
  /** The deployment's. */
  readonly name: string;
  readonly details: MailDetails;
  /** When it happened, as people read it. */
  readonly when: string;
}

/** A mail in one language: paragraphs, and what its link says where it has one. */
export interface MailText {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly link?: string;
}

/** Which texts there are. What people chose for themselves (names, messages) is in none: mails carry nobody's advertising. */
export type TextName = 'attack' | 'newDevice' | 'test';
type Texts = Readonly<Record<TextName, (facts: TextFacts) => MailText>>;

const en: Texts = {
  attack: ({ name, when }) => ({
    subject: `Somebody is guessing your password at ${name}`,
    paragraphs: [
      `Since ${when} somebody has been trying passwords for your account at ${name}, without success so far.`,
      'Your account is not locked: sign in as always, best on a device that you have used before.',
      'If your password is short, or you use it elsewhere, choose another one now.',
    ],
  }),
  newDevice: ({ name, when, details: { userAgent, ip } }) => ({
    subject: `New sign-in to your account at ${name}`,
    paragraphs: [
      `Somebody signed in to your account at ${name} on a device that it did not know.`,
      [`When: ${when}`, ...(ip ? [`From: ${ip}`] : []), ...(userAgent ? [`With: ${userAgent}`] : [])].join('\n'),
      'If that was you, there is nothing to do. If not, change your password: that signs out everybody else.',
    ],
  }),
  test: ({ name }) => ({
    subject: `A test from ${name}`,
    paragraphs: [`This is a test. ${name} can send you mail.`],
  }),
};

const de: Texts = {
  attack: ({ name, when }) => ({
    subject: `Jemand rät dein Passwort bei ${name}`,
    paragraphs: [
      `Seit ${when} probiert jemand Passwörter für dein Konto bei ${name} aus, bisher ohne Erfolg.`,
      'Dein Konto ist nicht gesperrt: Melde dich an wie immer, am besten auf einem Gerät, das du schon benutzt hast.',
      'Ist dein Passwort kurz, oder benutzt du es auch anderswo, dann wähle jetzt ein anderes.',
    ],
  }),
  newDevice: ({ name, when, details: { userAgent, ip } }) => ({
    subject: `Neue Anmeldung bei ${name}`,
    paragraphs: [
      `Jemand hat sich mit deinem Konto bei ${name} auf einem unbekannten Gerät angemeldet.`,
      [`Wann: ${when}`, ...(ip ? [`Woher: ${ip}`] : []), ...(userAgent ? [`Womit: ${userAgent}`] : [])].join('\n'),
      'Warst du das, ist nichts zu tun. Wenn nicht, ändere dein Passwort: Alle anderen werden damit abgemeldet.',
    ],
  }),
  test: ({ name }) => ({
    subject: `Ein Test von ${name}`,
    paragraphs: [`Dies ist ein Test. ${name} kann dir Mails schicken.`],
  }),
};

/** All texts, by language. */
export const texts = { en, de } as const satisfies Record<string, Texts>;
