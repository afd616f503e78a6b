import { locale } from './language.ts';

const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
const dateAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

export const timeOf = (at: Date): string => time.format(at);
export const dateOf = (at: Date): string => date.format(at);
export const dateAndTimeOf = (at: Date): string => dateAndTime.format(at);

/** A short time: the time of day if it is of today, otherwise the date. */
export const whenOf = (at: Date): string => (at.toDateString() === new Date().toDateString() ? timeOf(at) : dateOf(at));
