import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The people whom a line is about. */
export interface Who {
  /** As a list in a sentence, without this person. */
  readonly names: string;
  /** How many they are, with this person. */
  readonly count: number;
  /** Whether this person is among them; `names` is empty if they are the only one. */
  readonly isYou: boolean;
}

/** As the subject of a sentence, or after its verb. */
const subject = ({ names, isYou }: Who) => (!isYou ? names : names === '' ? 'You' : `You and ${names}`);
const object = ({ names, isYou }: Who) => (!isYou ? names : names === '' ? 'you' : `you and ${names}`);
const were = ({ count, isYou }: Who) => (isYou || count > 1 ? 'were' : 'was');

/** The texts of what happens in a conversation besides messages. `by` is who did it; undefined: that is not known. */
export const texts = translated('system-lines', {
  someone: 'Someone',
  others: (count: number) => plural(count, { one: '# other', other: '# others' }),
  joined: (who: Who, by?: Who) =>
    by === undefined ? `${subject(who)} joined.` : `${subject(by)} added ${object(who)}.`,
  left: (who: Who) => `${subject(who)} left.`,
  removed: (who: Who, by?: Who) =>
    by === undefined ? `${subject(who)} ${were(who)} removed.` : `${subject(by)} removed ${object(who)}.`,
  renamed: (before: string, name: string, by?: Who) =>
    by === undefined
      ? `This was renamed from “${before}” to “${name}”.`
      : `${subject(by)} renamed this from “${before}” to “${name}”.`,
  topic: (topic: string, by?: Who) =>
    by === undefined ? `The topic is now “${topic}”.` : `${subject(by)} changed the topic to “${topic}”.`,
  noTopic: (by?: Who) => (by === undefined ? 'The topic was removed.' : `${subject(by)} removed the topic.`),
  allPost: (by?: Who) =>
    by === undefined ? 'Everyone can write here now.' : `${subject(by)} let everyone write here.`,
  adminsPost: (by?: Who) =>
    by === undefined
      ? 'Only Admins and Owners can write here now.'
      : `${subject(by)} let only Admins and Owners write here.`,
  role: (who: Who, role: string, by?: Who) =>
    by === undefined
      ? `${subject(who)} ${who.isYou ? 'are' : 'is'} now ${role} here.`
      : `${subject(by)} made ${object(who)} ${role} here.`,
  archived: (by?: Who) => (by === undefined ? 'This was archived.' : `${subject(by)} archived this conversation.`),
  unarchived: (by?: Who) =>
    by === undefined ? 'This is not archived any more.' : `${subject(by)} took this conversation out of the archive.`,
  pinned: (by?: Who) => (by === undefined ? 'A message was pinned.' : `${subject(by)} pinned a message.`),
});
