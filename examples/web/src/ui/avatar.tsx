export interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly avatarUrl?: string | null | undefined;
}

const HUES = 12;

/** A picture, or initials on a colour that is constant per id. It is decorative: the name is beside it. */
export function Avatar({ id, name, avatarUrl }: AvatarProps) {
  if (avatarUrl) return <img className="avatar" src={avatarUrl} alt="" loading="lazy" referrerPolicy="no-referrer" />;
  const hue = Number.parseInt(id.slice(-6), 16) % HUES;
  // The initials are drawn by CSS, so that they are not read as text.
  return <span className="avatar" data-hue={hue} data-initials={initialsOf(name)} aria-hidden="true" />;
}

function initialsOf(name: string): string {
  const words = name.split(/[\s_-]+/).filter((word) => word !== '');
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked
    .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 63))
    .join('')
    .toUpperCase();
}
