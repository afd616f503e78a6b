import type { Role } from '@fechatter/client';
import type { KnownMember } from '@fechatter/client/store';
import { chatter } from '../chatter.ts';
import { Avatar } from '../ui/avatar.tsx';
import { SureButton } from '../ui/sure-button.tsx';

const rank: Readonly<Record<Role, number>> = { Member: 0, Admin: 1, Owner: 2 };
const roles = ['Member', 'Admin', 'Owner'] as const;

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
  const sorted = members.toSorted((a, b) => rank[b.role] - rank[a.role] || a.user.name.localeCompare(b.user.name));
  const own = ownRole === null ? 0 : rank[ownRole];
  return (
    <ul className="rows">
      {sorted.map(({ user: { id, name, avatarUrl, status }, role }) => {
        const isMe = id === chatter.session?.id;
        const isBelow = !isMe && rank[role] < own;
        const mayChange = onRole !== undefined && (isBelow || (!isMe && own === rank.Owner));
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
                onChange={({ target }) => onRole(id, roles.find((one) => one === target.value) ?? role)}
              >
                {roles
                  .filter((one) => rank[one] <= own)
                  .map((one) => (
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
