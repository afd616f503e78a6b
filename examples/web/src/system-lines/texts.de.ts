import { plural } from '../texts/plural.ts';
import type { texts as english, Who } from './texts.ts';

const subject = ({ names, isYou }: Who) => (!isYou ? names : names === '' ? 'Du' : `Du und ${names}`);
const object = ({ names, isYou }: Who) => (!isYou ? names : names === '' ? 'dich' : `dich und ${names}`);
/** The form of a verb that goes with the subject: of "you", of one person, or of several. */
const verb = ({ count, names, isYou }: Who, [you, one, many, youAll]: readonly [string, string, string, string]) =>
  isYou ? (names === '' ? you : youAll) : count > 1 ? many : one;
const be = (who: Who) => verb(who, ['bist', 'ist', 'sind', 'seid']);
const have = (who: Who) => verb(who, ['hast', 'hat', 'haben', 'habt']);
const become = (who: Who) => verb(who, ['wurdest', 'wurde', 'wurden', 'wurdet']);
/** What someone has done, or what has happened if nobody knows who did it. */
const done = (by: Who | undefined, what: string, otherwise: string) =>
  by === undefined ? otherwise : `${subject(by)} ${have(by)} ${what}.`;

export const texts: typeof english = {
  someone: 'Jemand',
  others: (count) => plural(count, { one: '# weitere Person', other: '# weitere Personen' }),
  joined: (who, by) => done(by, `${object(who)} hinzugefügt`, `${subject(who)} ${be(who)} beigetreten.`),
  left: (who) => `${subject(who)} ${have(who)} die Unterhaltung verlassen.`,
  removed: (who, by) => done(by, `${object(who)} entfernt`, `${subject(who)} ${become(who)} entfernt.`),
  renamed: (before, name, by) =>
    done(by, `„${before}“ in „${name}“ umbenannt`, `„${before}“ wurde in „${name}“ umbenannt.`),
  topic: (topic, by) => done(by, `das Thema in „${topic}“ geändert`, `Das Thema ist jetzt „${topic}“.`),
  noTopic: (by) => done(by, 'das Thema entfernt', 'Das Thema wurde entfernt.'),
  allPost: (by) => done(by, 'allen erlaubt, hier zu schreiben', 'Jetzt können alle hier schreiben.'),
  adminsPost: (by) =>
    done(by, 'das Schreiben hier auf Admins und Owner beschränkt', 'Jetzt können hier nur Admins und Owner schreiben.'),
  role: (who, role, by) =>
    done(by, `${object(who)} hier zum ${role} gemacht`, `${subject(who)} ${be(who)} hier jetzt ${role}.`),
  archived: (by) => done(by, 'diese Unterhaltung archiviert', 'Diese Unterhaltung wurde archiviert.'),
  unarchived: (by) =>
    done(by, 'diese Unterhaltung aus dem Archiv geholt', 'Diese Unterhaltung ist nicht mehr archiviert.'),
  pinned: (by) => done(by, 'eine Nachricht angepinnt', 'Eine Nachricht wurde angepinnt.'),
};
