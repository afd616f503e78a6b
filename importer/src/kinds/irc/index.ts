// Reading logs without an import: needs no database.
export { linesOf } from '../lines.ts';
export { type IrcLine, readIrcLine } from './irc-line.ts';
