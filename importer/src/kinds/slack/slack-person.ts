import type { ImportItem } from '../../stream.ts';
import { type Fields, fieldsOf, textIn } from '../lenient.ts';

/** A user of `users.json`; one without an id is nobody. */
export function slackPerson(user: Fields): {
  readonly item: ImportItem;
  readonly id: string | undefined;
  readonly name: string;
} {
  const id = textIn(user, 'id');
  const profile = fieldsOf(user.profile);
  const name =
    textIn(profile, 'real_name') ??
    textIn(user, 'real_name') ??
    textIn(profile, 'display_name') ??
    textIn(user, 'name') ??
    'Unknown';
  const avatarUrl = textIn(profile, 'image_192', 'image_72');
  const kind = user.is_bot === true ? 'Bot' : 'Person';
  return {
    id,
    name,
    item: { type: 'person', key: id ?? '', name, kind, email: textIn(profile, 'email'), role: roleOf(user), avatarUrl },
  };
}

function roleOf(user: Fields): 'Owner' | 'Admin' | undefined {
  if (user.is_owner === true || user.is_primary_owner === true) return 'Owner';
  return user.is_admin === true ? 'Admin' : undefined;
}
