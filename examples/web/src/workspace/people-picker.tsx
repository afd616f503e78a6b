import { useState } from 'react';
import { chatter } from '../chatter.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Refusal } from '../ui/refusal.ts';
import { texts } from './texts.ts';
import { useWorkspaceMembers } from './use-workspace-members.ts';

export interface PeoplePickerProps {
  readonly workspaceId: string;
  readonly legend: string;
  /** People who are members already. */
  readonly without?: ReadonlySet<string>;
}

const FILTER_FROM = 8;

/** People of a workspace to tick, as fields of a form. */
export function PeoplePicker({ workspaceId, legend, without }: PeoplePickerProps) {
  const [typed, setTyped] = useState('');
  const others = (useWorkspaceMembers(workspaceId) ?? [])
    .map(({ user }) => user)
    .filter(({ id }) => id !== chatter.session?.id && !without?.has(id));
  const isWanted = (name: string) => name.toLowerCase().includes(typed.trim().toLowerCase());
  return (
    <fieldset>
      <legend>{legend}</legend>
      {others.length === 0 && <p className="quiet">{texts.nobodyElse}</p>}
      {others.length >= FILTER_FROM && (
        <input
          type="search"
          aria-label={texts.findPeople}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      )}
      <div>
        {others.map(({ id, name, avatarUrl }) => (
          <label className="choice" key={id} hidden={!isWanted(name)}>
            <input type="checkbox" name="person" value={id} />
            <Avatar id={id} name={name} avatarUrl={avatarUrl} /> <span dir="auto">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The selected people; may be empty. */
export const pickedPeople = (fields: FormData): string[] =>
  fields.getAll('person').filter((id) => typeof id === 'string');

/** The same; throws if no person is selected. */
export function somePeople(fields: FormData): string[] {
  const people = pickedPeople(fields);
  if (people.length === 0) throw new Refusal(texts.chooseSomeone);
  return people;
}
