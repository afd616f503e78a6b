import { numberText } from '../texts/plural.ts';
import { translated } from '../texts/translated.ts';

/** The texts of searching messages. */
export const texts = translated('search', {
  title: 'Search messages',
  searchFor: 'Search for',
  searching: 'Searching…',
  found: 'Messages that were found',
  lookFurther: 'Look further back',
  lookBefore: (date: string) => `Look before ${date}`,
  filters: 'Filters',
  from: 'From',
  anyone: 'anyone',
  onlyHere: 'Only in this conversation',
  withLink: 'With a link',
  since: 'Since',
  before: 'Before',
  nothingYet: 'Nothing so far.',
  nothing: 'Nothing was found.',
  count: ({ count, hasMore }: { count: number; hasMore: boolean }) =>
    `${numberText(count)}${hasMore ? ' so far' : ''} found, newest first.`,
  aChannel: 'a channel',
  in: (chat: string) => `in ${chat}`,
});
