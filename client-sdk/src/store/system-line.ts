import type { ChatRow, Role } from '../wire.ts';

/** A person of a system line; the name is undefined if this client has never known it. */
export interface LinePerson {
  readonly id: string;
  readonly name: string | undefined;
}

interface Line<Kind extends string> {
  readonly kind: Kind;
  readonly key: string;
  /** The seq of its event, or of the first of several: it stands before the first message with a higher `seq`. */
  readonly seq: number;
  /** Who did it, if it was someone else than the person whom it is about; null: that is not known. */
  readonly by: LinePerson | null;
}

/** Of people who joined, left or were removed in a row. */
interface OfPeople {
  /** The first 10. */
  readonly people: readonly LinePerson[];
  /** How many they are. */
  readonly count: number;
}

/** What happened in a chat besides messages. With `by`, the people of `joined` were added. */
export type SystemLine =
  | (Line<'joined' | 'left' | 'removed'> & OfPeople)
  | (Line<'renamed'> & { readonly before: string; readonly name: string })
  | (Line<'topic'> & { readonly topic: string | null })
  | (Line<'posting'> & { readonly whoPosts: ChatRow['whoPosts'] })
  | (Line<'role'> & { readonly person: LinePerson; readonly role: Role })
  | Line<'archived' | 'unarchived'>
  | (Line<'pinned'> & { readonly messageId: string });

/** A line of people, which can take in more of them. */
export type PeopleLine = Extract<SystemLine, OfPeople>;

const NAMED_MAX = 10;

/** The line with the people of the next one, which happened right after it. */
export const withPeopleOf = (line: PeopleLine, next: PeopleLine): PeopleLine => ({
  ...line,
  people: [...line.people, ...next.people].slice(0, NAMED_MAX),
  count: line.count + next.count,
});

export const isOfPeople = (line: SystemLine): line is PeopleLine => 'people' in line;

/** The line with the new name of a person; the same line if they are not in it. */
export function renamedIn(line: SystemLine, { id, name }: LinePerson): SystemLine {
  const isStale = (person: LinePerson | null) => person?.id === id && person.name !== name;
  const named = <P extends LinePerson | null>(person: P): P => (isStale(person) ? { ...person, name } : person);
  const by = named(line.by);
  if (isOfPeople(line))
    return by !== line.by || line.people.some(isStale) ? { ...line, by, people: line.people.map(named) } : line;
  if (line.kind === 'role')
    return by !== line.by || isStale(line.person) ? { ...line, by, person: named(line.person) } : line;
  return by === line.by ? line : { ...line, by };
}
