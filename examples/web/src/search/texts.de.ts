import { numberText } from '../texts/plural.ts';
import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  title: 'Nachrichten suchen',
  searchFor: 'Suchen nach',
  searching: 'Wird gesucht …',
  found: 'Gefundene Nachrichten',
  lookFurther: 'Weiter zurück suchen',
  lookBefore: (date) => `Vor dem ${date} suchen`,
  filters: 'Filter',
  from: 'Von',
  anyone: 'allen',
  onlyHere: 'Nur in dieser Unterhaltung',
  withLink: 'Mit Link',
  since: 'Seit',
  before: 'Vor',
  nothingYet: 'Bisher nichts.',
  nothing: 'Nichts gefunden.',
  count: ({ count, hasMore }) => `${hasMore ? 'Bisher ' : ''}${numberText(count)} gefunden, die neuesten zuerst.`,
  aChannel: 'einem Kanal',
  in: (chat) => `in ${chat}`,
};
