/** A parsed line of a log; times are those of the log, without a time zone. */
export type IrcLine =
  | {
      readonly is: 'said';
      readonly date?: IrcDate;
      readonly time: IrcTime;
      readonly nick: string;
      readonly text: string;
    }
  | { readonly is: 'day'; readonly date: IrcDate }
  /** A person joined or left, the topic changed, or the bot that keeps the log wrote a line. */
  | { readonly is: 'other' }
  | { readonly is: 'empty' };

export interface IrcDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}
export interface IrcTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

// energymech: [10:00] <nick> text, [10:00:30]  * nick waves. irssi: 10:00 <@nick> text, 10:00  * nick waves.
const clock = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d))?`;
const said = new RegExp(
  String.raw`^(?:\[${clock}\]|${clock.replaceAll('?<', '?<b')}) +(?:<[ @+%&~!]?(?<nick>[^>]+)> ?(?<text>.*)|\* (?<actor>\S+) (?<action>.*))$`,
  's',
);
// weechat: 2024-05-01 10:00:30<tab>@nick<tab>text
const weechat = new RegExp(
  String.raw`^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d) ${clock}\t(?<nick>[^\t]*)\t(?<text>.*)$`,
  's',
);
const changed =
  /^--- (?:Log opened|Day changed) \w{3} (?<month>\w{3}) (?<day>\d\d) (?:\d\d:\d\d:\d\d )?(?<year>\d{4})$/;
const SYSTEM = new Set(['-->', '<--', '--', '=!=', '', '*']);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
// Bold, colours, reverse, italic, underline, reset.
// oxlint-disable-next-line no-control-regex
const CODES = /\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x02\x0f\x11\x16\x1d\x1e\x1f]/g;

/** Reads one line in any of the three forms. */
export function readIrcLine(raw: string): IrcLine {
  const line = raw.replace(CODES, '');
  if (line.trim() === '') return { is: 'empty' };
  const day = changed.exec(line)?.groups;
  if (day !== undefined) {
    const month = MONTHS.indexOf(day.month ?? '') + 1;
    return month === 0 ? { is: 'other' } : { is: 'day', date: { year: Number(day.year), month, day: Number(day.day) } };
  }
  return readWeechat(line) ?? readSaid(line) ?? { is: 'other' };
}

function readWeechat(line: string): IrcLine | undefined {
  const groups = weechat.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const date = { year: Number(groups.year), month: Number(groups.month), day: Number(groups.day) };
  const time = timeOf(groups.hour, groups.minute, groups.second);
  const [nick = '', text = ''] = [groups.nick?.trim(), groups.text];
  if (nick === '*') {
    const [, actor, action] = /^(\S+) (.*)$/s.exec(text) ?? [];
    return actor === undefined || action === undefined
      ? { is: 'other' }
      : { is: 'said', date, time, nick: actor, text: acted(action) };
  }
  return SYSTEM.has(nick) ? { is: 'other' } : { is: 'said', date, time, nick: nick.replace(/^[@+%&~]/, ''), text };
}

function readSaid(line: string): IrcLine | undefined {
  const groups = said.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const time = timeOf(groups.hour ?? groups.bhour, groups.minute ?? groups.bminute, groups.second ?? groups.bsecond);
  const { nick, text = '', actor, action } = groups;
  if (actor !== undefined && action !== undefined) return { is: 'said', time, nick: actor, text: acted(action) };
  return nick === undefined ? undefined : { is: 'said', time, nick: nick.trim(), text };
}

/** `/me waves`, as chat apps show it. */
const acted = (text: string): string => `_${text}_`;

const timeOf = (hour = '0', minute = '0', second = '0'): IrcTime => ({
  hour: Number(hour),
  minute: Number(minute),
  second: Number(second),
});
