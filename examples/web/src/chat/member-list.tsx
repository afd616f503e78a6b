import type { Role } from '@fechatter/client';
import type { KnownMember } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';
import { Avatar } from '../ui/avatar.tsx';
import { rankOf } from '../ui/roles.ts';
import { SureButton } from '../ui/sure-button.tsx';
import { texts as uiTexts } from '../ui/texts.ts';
import { texts } from './texts.ts';

/** The roles that a person may give others. */
export interface GivenRoles {
  readonly roles: readonly Role[];
  readonly onRole: (userId: string, role: string) => void;
}

export interface MemberListProps {
  readonly members: readonly KnownMember[] | undefined;
  /** The Guests of the workspace among them, if the roles do not show that: in chats they are Members. */
  readonly guests?: ReadonlySet<string>;
  /** A person can change only members below them; Owners can change Owners too. */
  readonly ownRole: Role | null;
  readonly given?: GivenRoles;
  readonly onRemove?: (userId: string) => void;
}

const noOne: ReadonlySet<string> = new Set();

/** People, the highest role first, and the possible actions on them. */
export function MemberList({ members, guests = noOne, ownRole, given, onRemove }: MemberListProps) {
  if (members === undefined) return <p className="quiet">{texts.reading}</p>;
  const sorted = members.toSorted((a, b) => rankOf(b.role) - rankOf(a.role) || a.user.name.localeCompare(b.user.name));
  return (
    <ul className="rows">
      {sorted.map(({ user: { id, kind, name, avatarUrl, status }, role }) => {
        const isMe = id === chatter.session?.id;
        const isBelow = !isMe && rankOf(role) < rankOf(ownRole);
        const isFixed = given === undefined || guests.has(id);
        const mayChange = !isFixed && (isBelow || (!isMe && ownRole === 'Owner'));
        return (
          <li key={id}>
            <Avatar id={id} name={name} avatarUrl={avatarUrl} />
            <span className="name" dir="auto">
              {name} {isMe && texts.you} {kind === 'Bot' && <small>{texts.bot}</small>}{' '}
              {status === 'Suspended' && <small>{texts.suspended}</small>}
            </span>
            {mayChange ? (
              <select
                aria-label={texts.roleOf(name)}
                value={role}
                onChange={({ target }) => given.onRole(id, target.value)}
              >
                {given.roles.map((one) => (
                  <option key={one} value={one}>
                    {uiTexts.roles[one]}
                  </option>
                ))}
              </select>
            ) : (
              <span className="role">{uiTexts.roles[guests.has(id) ? 'Guest' : role]}</span>
            )}
            {onRemove !== undefined && isBelow && (
              <SureButton
                question={texts.removeSure}
                label={texts.removeOf(name)}
                className=""
                onSure={() => onRemove(id)}
              >
                {texts.remove}
              </SureButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
