import { linesOf, many, type Texts } from './text.ts';

const from = linesOf('Wann', 'Woher', 'Womit');

/** The mails in German. */
export const de: Texts = {
  attack: ({ name, when }) => ({
    subject: `Jemand rät dein Passwort bei ${name}`,
    paragraphs: [
      `Seit ${when} probiert jemand Passwörter für dein Konto bei ${name} aus, bisher ohne Erfolg.`,
      'Dein Konto ist nicht gesperrt: Melde dich an wie immer, am besten auf einem Gerät, das du schon benutzt hast.',
      'Ist dein Passwort kurz, oder benutzt du es auch anderswo, dann wähle jetzt ein anderes.',
    ],
  }),
  codeAttack: ({ name, when }) => ({
    subject: `Jemand kennt dein Passwort bei ${name}`,
    paragraphs: [
      `Seit ${when} probiert jemand, der das Passwort deines Kontos bei ${name} kennt, Codes deiner Authenticator-App aus, bisher ohne Erfolg.`,
      'Bist du das nicht, ändere jetzt dein Passwort: auf einem Gerät, auf dem du angemeldet bist, oder mit der Bitte um ein neues.',
    ],
  }),
  factorAdded: ({ name, when }) => ({
    subject: `Die Anmeldung bei ${name} braucht jetzt mehr als dein Passwort`,
    paragraphs: [
      `Seit ${when} kannst du dich bei ${name} auch anders ausweisen: Deinem Konto wurde eine Authenticator-App oder ein Passkey hinzugefügt.`,
      'Bewahre deine Wiederherstellungscodes dort auf, wo du sie ohne dein Telefon findest. Warst du es nicht, entferne das Neue und ändere dein Passwort.',
    ],
  }),
  factorRemoved: ({ name, when }) => ({
    subject: `Von deinem Konto bei ${name} wurde ein zweiter Faktor entfernt`,
    paragraphs: [
      `Am ${when} wurde eine Authenticator-App oder ein Passkey von deinem Konto bei ${name} entfernt.`,
      'Warst du es nicht, ändere dein Passwort und richte den zweiten Faktor neu ein.',
    ],
  }),
  identityLinked: ({ name, when }) => ({
    subject: `Eine weitere Anmeldung zu deinem Konto bei ${name}`,
    paragraphs: [
      `Seit ${when} kannst du dich bei ${name} auch über einen Anbieter anmelden, der mit deinem Konto verknüpft wurde.`,
      'Warst du es nicht, entferne ihn in deinem Konto, ändere dein Passwort und melde alle anderen Geräte ab.',
    ],
  }),
  identitiesUnlinked: ({ name, when }) => ({
    subject: `Weniger Anmeldungen zu deinem Konto bei ${name}`,
    paragraphs: [
      `Als dein Passwort am ${when} neu gesetzt wurde, wurden andere Anmeldungen zu deinem Konto bei ${name} entfernt: ein Anbieter oder eine andere App, die schon zu ihm führten, bevor diese Adresse bestätigt war.`,
      'Waren es deine, melde dich mit dem neuen Passwort an und verknüpfe den Anbieter in deinem Konto wieder.',
    ],
  }),
  recoveryCodeUsed: ({ name, when, details }) => ({
    subject: `Anmeldung bei ${name} mit einem Wiederherstellungscode`,
    paragraphs: [
      `Jemand hat sich mit deinem Passwort und einem deiner Wiederherstellungscodes bei ${name} angemeldet.`,
      from(when, details),
      'Warst du das, denk an neue Codes, bevor sie ausgehen. Wenn nicht, ändere dein Passwort und lass dir neue Codes geben.',
    ],
  }),
  newDevice: ({ name, when, details }) => ({
    subject: `Neue Anmeldung bei ${name}`,
    paragraphs: [
      `Jemand hat sich mit deinem Konto bei ${name} auf einem unbekannten Gerät angemeldet.`,
      from(when, details),
      'Warst du das, ist nichts zu tun. Wenn nicht, ändere dein Passwort: Alle anderen werden damit abgemeldet.',
    ],
  }),
  verify: ({ name, when, details }) => ({
    subject: `Bestätige deine Adresse bei ${name}`,
    paragraphs: [
      `Jemand, hoffentlich du, hat diese Adresse für ein Konto bei ${name} angegeben. Öffne diesen Link, um zu bestätigen, dass es deine ist.`,
      from(when, details),
      'Der Link gilt einmal, 30 Minuten lang. Warst du es nicht, tu nichts: Das Konto bekäme sonst deine Adresse, und sein Passwort kennt, wer es angelegt hat.',
    ],
    link: 'Adresse bestätigen',
  }),
  addressHeld: ({ name, when, details }) => ({
    subject: `Ein anderes Konto bei ${name} will deine Adresse`,
    paragraphs: [
      `Jemand hat diese Adresse für ein Konto bei ${name} angegeben, das sie bisher nicht hatte. Ein anderes Konto benutzt sie schon, hat sie aber nicht bestätigt. Ist das deines, öffne diesen Link nicht: Du würdest es verlieren. Melde dich dort an und bestätige deine Adresse.`,
      from(when, details),
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
  webhookOff: ({ name, when, details: { webhookId = '' } }) => ({
    subject: `Bei ${name} wurde ein Webhook abgeschaltet`,
    paragraphs: [
      `Am ${when} wurde in einem deiner Workspaces bei ${name} ein Webhook abgeschaltet: Sein Empfänger hat geantwortet, dass es ihn nicht mehr gibt, oder war fünf Tage lang nicht erreichbar. Es werden keine Ereignisse mehr an ihn gesendet.`,
      `Webhook: ${webhookId}`,
      'Seine Zustellungen zeigen, was nicht geklappt hat. Schalte den Webhook wieder ein, sobald der Empfänger wieder funktioniert.',
    ],
  }),
  mentions: ({ name, details: { count = 1 } }) => ({
    subject: count === 1 ? `Du wurdest bei ${name} erwähnt` : `Du wurdest bei ${name} ${many(count)}-mal erwähnt`,
    paragraphs: [
      count === 1
        ? `Eine Nachricht bei ${name} erwähnt dich, und du hast sie seit einem Tag nicht gelesen.`
        : `${many(count)} Nachrichten bei ${name} erwähnen dich, und du hast sie nicht gelesen. Die erste ist einen Tag alt.`,
      'Dazu kommt keine zweite Mail. Unterhaltungen, die du stummschaltest, schicken dir keine.',
    ],
    link: `${name} öffnen`,
  }),
  test: ({ name }) => ({
    subject: `Ein Test von ${name}`,
    paragraphs: [`Dies ist ein Test. ${name} kann dir Mails schicken.`],
  }),
};
