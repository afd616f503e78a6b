import type { Role } from '@fechatter/client';
import type { KnownMember } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';
import { Avatar } from '../ui/avatar.tsx';
import { rankOf, roleOf, rolesUpTo } from '../ui/roles.ts';
import { SureButton } from '../ui/sure-button.tsx';

export interface MemberListProps {
  readonly members: readonly KnownMember[] | undefined;
  /** One changes only people below oneself; Owners change Owners too. */
  readonly ownRole: Role | null;
  readonly onRole?: (userId: string, role: Role) => void;
  readonly onRemove?: (userId: string) => void;
}

/** People, the highest role first, and what one may do with them. */
export function MemberList({ members, ownRole, onRole, onRemove }: MemberListProps) {
  if (members === undefined) return <p className="quiet">Reading…</p>;
  const sorted = members.toSorted((a, b) => rankOf(b.role) - rankOf(a.role) || a.user.name.localeCompare(b.user.name));
  return (
    <ul className="rows">
      {sorted.map(({ user: { id, name, avatarUrl, status }, role }) => {
        const isMe = id === chatter.session?.id;
        const isBelow = !isMe && rankOf(role) < rankOf(ownRole);
        const mayChange = onRole !== undefined && (isBelow || (!isMe && ownRole === 'Owner'));
        return (
          <li key={id}>
            <Avatar id={id} name={name} avatarUrl={avatarUrl} />
            <span className="name" dir="auto">
              {name} {isMe && '(you)'} {status === 'Suspended' && <small>suspended</small>}
            </span>
            {mayChange ? (
              <select
                aria-label={`Role of ${name}`}
                value={role}
                onChange={({ target }) => onRole(id, roleOf(target.value))}
              >
                {rolesUpTo(ownRole ?? 'Member').map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            ) : (
              <span className="role">{role}</span>
            )}
            {onRemove !== undefined && isBelow && (
              <SureButton question="Remove?" label={`Remove ${name}`} className="" onSure={() => onRemove(id)}>
                Remove
              </SureButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
