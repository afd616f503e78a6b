import { plural } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of a workspace's channels. */
export const texts = translated('channels', {
  title: 'Browse channels',
  find: 'Find a channel',
  members: (count: number) => plural(count, { one: '# member', other: '# members' }),
  archived: 'archived',
  open: 'Open',
  join: 'Join',
  openName: (name: string) => `Open ${name}`,
  joinName: (name: string) => `Join ${name}`,
  none: 'There is none.',
});
