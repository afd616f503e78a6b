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
type Texts = Readonly<Record<TextName, (facts: TextFacts) => MailText>>;

/** When, from where and with which client something was done, so that readers can recognise their own actions. */
const linesOf =
  (whenWord: string, fromWord: string, withWord: string) =>
  (when: string, { ip, userAgent }: MailDetails): string =>
    [
      `${whenWord}: ${when}`,
      ...(ip ? [`${fromWord}: ${ip}`] : []),
      ...(userAgent ? [`${withWord}: ${userAgent}`] : []),
    ].join('\n');
const from = { en: linesOf('When', 'From', 'With'), de: linesOf('Wann', 'Woher', 'Womit') } as const;

const en: Texts = {
  attack: ({ name, when }) => ({
    subject: `Somebody is guessing your password at ${name}`,
    paragraphs: [
      `Since ${when} somebody has been trying passwords for your account at ${name}, without success so far.`,
      'Your account is not locked: sign in as always, best on a device that you have used before.',
      'If your password is short, or you use it elsewhere, choose another one now.',
    ],
  }),
  newDevice: ({ name, when, details }) => ({
    subject: `New sign-in to your account at ${name}`,
    paragraphs: [
      `Somebody signed in to your account at ${name} on a device that it did not know.`,
      from.en(when, details),
      'If that was you, there is nothing to do. If not, change your password: that signs out everybody else.',
    ],
  }),
  verify: ({ name, when, details }) => ({
    subject: `Confirm your address at ${name}`,
    paragraphs: [
      `Somebody, we hope you, gave this address for an account at ${name}. Open this link to confirm that it is yours.`,
      from.en(when, details),
      'The link is good once, for 30 minutes. If it was not you, do nothing: the account would have your address, and its password is known to whoever made it.',
    ],
    link: 'Confirm this address',
  }),
  addressHeld: ({ name, when, details }) => ({
    subject: `Another account at ${name} wants your address`,
    paragraphs: [
      `Somebody gave this address for an account at ${name} that did not have it before. Another account has been using it without having confirmed it. If that one is yours, do not open this link: you would lose it. Sign in to it and confirm your address there.`,
      from.en(when, details),
      'If you gave the address yourself, and the account that has been using it is not yours, open this link within 30 minutes. Nobody can sign in to that account any more then.',
    ],
    link: 'Take this address from the other account',
  }),
  addressTaken: ({ name }) => ({
    subject: `You have an account at ${name}`,
    paragraphs: [
      `Somebody, perhaps you, wanted to use this address for another account at ${name}. It has one already.`,
      'If that was you, sign in with it; a forgotten password can be set anew on the page where you sign in.',
      'If it was not you, there is nothing to do: nothing of yours has changed.',
    ],
  }),
  reset: ({ name }) => ({
    subject: `Set a new password at ${name}`,
    paragraphs: [
      `Somebody asked for a new password for your account at ${name}. If it was you, open this link.`,
      'The link is good once, for 30 minutes. All devices are signed out by it. If it was not you, do nothing.',
    ],
    link: 'Choose a new password',
  }),
  passwordReset: ({ name, when }) => ({
    subject: `Your password at ${name} was set anew`,
    paragraphs: [
      `The password of your account at ${name} was set anew by a link in a mail to this address, on ${when}.`,
      'All devices were signed out. If it was not you, somebody reads your mail: change its password, then this one.',
    ],
  }),
  emailChangeAsked: ({ name, when }) => ({
    subject: `Your account at ${name} is to have another address`,
    paragraphs: [
      `On ${when} somebody who knows your password asked for another address for your account at ${name}.`,
      'It holds as soon as the new address is confirmed. If it was not you, change your password now.',
    ],
  }),
  emailChanged: ({ name, when }) => ({
    subject: `Your account at ${name} has another address`,
    paragraphs: [
      `Since ${when} your account at ${name} has another address, and this one is not used for it any more.`,
      'If it was not you, tell the people who run it.',
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
  newDevice: ({ name, when, details }) => ({
    subject: `Neue Anmeldung bei ${name}`,
    paragraphs: [
      `Jemand hat sich mit deinem Konto bei ${name} auf einem unbekannten Gerät angemeldet.`,
      from.de(when, details),
      'Warst du das, ist nichts zu tun. Wenn nicht, ändere dein Passwort: Alle anderen werden damit abgemeldet.',
    ],
  }),
  verify: ({ name, when, details }) => ({
    subject: `Bestätige deine Adresse bei ${name}`,
    paragraphs: [
      `Jemand, hoffentlich du, hat diese Adresse für ein Konto bei ${name} angegeben. Öffne diesen Link, um zu bestätigen, dass es deine ist.`,
      from.de(when, details),
      'Der Link gilt einmal, 30 Minuten lang. Warst du es nicht, tu nichts: Das Konto bekäme sonst deine Adresse, und sein Passwort kennt, wer es angelegt hat.',
    ],
    link: 'Adresse bestätigen',
  }),
  addressHeld: ({ name, when, details }) => ({
    subject: `Ein anderes Konto bei ${name} will deine Adresse`,
    paragraphs: [
      `Jemand hat diese Adresse für ein Konto bei ${name} angegeben, das sie bisher nicht hatte. Ein anderes Konto benutzt sie schon, hat sie aber nicht bestätigt. Ist das deines, öffne diesen Link nicht: Du würdest es verlieren. Melde dich dort an und bestätige deine Adresse.`,
      from.de(when, details),
      'Hast du die Adresse selbst angegeben, und das Konto, das sie bisher benutzt, ist nicht deines, dann öffne diesen Link innerhalb von 30 Minuten. Bei jenem Konto kann sich dann niemand mehr anmelden.',
    ],
    link: 'Dem anderen Konto die Adresse nehmen',
  }),
  addressTaken: ({ name }) => ({
    subject: `Du hast ein Konto bei ${name}`,
    paragraphs: [
      `Jemand, vielleicht du, wollte diese Adresse für ein weiteres Konto bei ${name} benutzen. Sie hat schon eines.`,
      'Warst du das, melde dich damit an; ein vergessenes Passwort lässt sich auf der Anmeldeseite neu setzen.',
      'Warst du es nicht, ist nichts zu tun: An deinem Konto hat sich nichts geändert.',
    ],
  }),
  reset: ({ name }) => ({
    subject: `Neues Passwort bei ${name}`,
    paragraphs: [
      `Jemand hat für dein Konto bei ${name} um ein neues Passwort gebeten. Warst du das, öffne diesen Link.`,
      'Der Link gilt einmal, 30 Minuten lang. Alle Geräte werden damit abgemeldet. Warst du es nicht, tu nichts.',
    ],
    link: 'Neues Passwort wählen',
  }),
  passwordReset: ({ name, when }) => ({
    subject: `Dein Passwort bei ${name} wurde neu gesetzt`,
    paragraphs: [
      `Das Passwort deines Kontos bei ${name} wurde am ${when} mit einem Link aus einer Mail an diese Adresse neu gesetzt.`,
      'Alle Geräte wurden abgemeldet. Warst du es nicht, liest jemand deine Mails: Ändere erst deren Passwort, dann dieses.',
    ],
  }),
  emailChangeAsked: ({ name, when }) => ({
    subject: `Dein Konto bei ${name} soll eine andere Adresse bekommen`,
    paragraphs: [
      `Am ${when} hat jemand, der dein Passwort kennt, um eine andere Adresse für dein Konto bei ${name} gebeten.`,
      'Sie gilt, sobald sie bestätigt ist. Warst du es nicht, ändere jetzt dein Passwort.',
    ],
  }),
  emailChanged: ({ name, when }) => ({
    subject: `Dein Konto bei ${name} hat eine andere Adresse`,
    paragraphs: [
      `Seit ${when} hat dein Konto bei ${name} eine andere Adresse; diese wird dafür nicht mehr benutzt.`,
      'Warst du es nicht, sag es denen, die es betreiben.',
    ],
  }),
  test: ({ name }) => ({
    subject: `Ein Test von ${name}`,
    paragraphs: [`Dies ist ein Test. ${name} kann dir Mails schicken.`],
  }),
};

/** All texts, by language. */
export const texts = { en, de } as const satisfies Record<string, Texts>;
