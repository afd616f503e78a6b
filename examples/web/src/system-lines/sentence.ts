import type { LinePerson, SystemLine } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';
import { listed } from '../texts/plural.ts';
import { texts, type Who } from './texts.ts';

/** How many people are named: of more, the first ones and how many others. */
const NAMED_MAX = 3;

/** What a person is called now; undefined if that is not known. */
export type NameOf = (userId: string) => string | undefined;

/** A system line as a sentence for this person. */
export function sentenceOfLine(line: SystemLine, nameOf: NameOf): string {
  const by = line.by === null ? undefined : whoOf([line.by], 1, nameOf);
  switch (line.kind) {
    case 'joined':
      return texts.joined(whoOf(line.people, line.count, nameOf), by);
    case 'left':
      return texts.left(whoOf(line.people, line.count, nameOf));
    case 'removed':
      return texts.removed(whoOf(line.people, line.count, nameOf), by);
    case 'renamed':
      return texts.renamed(line.before, line.name, by);
    case 'topic':
      return line.topic === null ? texts.noTopic(by) : texts.topic(line.topic, by);
    case 'posting':
      return line.whoPosts === 'All' ? texts.allPost(by) : texts.adminsPost(by);
    case 'role':
      return texts.role(whoOf([line.person], 1, nameOf), line.role, by);
    case 'archived':
    case 'unarchived':
    case 'pinned':
      return texts[line.kind](by);
    default:
      return line satisfies never;
  }
}

function whoOf(people: readonly LinePerson[], count: number, nameOf: NameOf): Who {
  const isYou = people.some(({ id }) => id === chatter.session?.id);
  const all = people.filter(({ id }) => id !== chatter.session?.id);
  const othersCount = isYou ? count - 1 : count;
  // "And 1 other" is as long as a name.
  const named = all.slice(0, othersCount > NAMED_MAX ? NAMED_MAX - 1 : NAMED_MAX);
  const names = named.map(({ id, name }) => name ?? nameOf(id) ?? texts.someone);
  const left = othersCount - named.length;
  return { names: listed(left > 0 ? [...names, texts.others(left)] : names), count, isYou };
}
