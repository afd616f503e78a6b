import type { ImportStream } from '../stream.ts';
import { parseMattermostExport } from './mattermost/parse-mattermost-export.ts';
import { parseWorkspaceExport } from './workspace-export/parse-workspace-export.ts';
import { parseRocketChatDump } from './rocket-chat/parse-rocket-chat-dump.ts';
import { parseSlackExport } from './slack/parse-slack-export.ts';
import { parseZulipExport } from './zulip/parse-zulip-export.ts';
import { parseIrcLogs } from './irc/parse-irc-logs.ts';

/** Options for what the source itself does not contain. */
export interface ParserOptions {
  /** IANA name of the time zone of times that have none. */
  readonly timeZone: string;
  /** A label of the Encoding Standard, such as `koi8-r`; undefined: UTF-8, and what is not as windows-1252. */
  readonly encoding?: string | undefined;
  /** The name of the channel that everything belongs to; undefined: by the names of files. */
  readonly channel?: string | undefined;
  /** Fetches a file that the archive lacks, from a host of the provider; undefined: such files do not come. */
  readonly download?: Download | undefined;
  /** The folder that has the content of files, if they are beside what is read (fechatter). */
  readonly files?: string | undefined;
}

/** Throws a MissingContent if the host refuses. */
export type Download = (url: string) => Promise<AsyncIterable<Uint8Array>>;

/** A kind of source. */
export interface ImportKind {
  /** One line, lower case. */
  readonly summary: string;
  readonly parse: (path: string, options: ParserOptions) => ImportStream;
}

/** All kinds, by the word that names them. */
export const importKinds = {
  fechatter: { summary: 'the export of a workspace: a file of `workspaces export`', parse: parseWorkspaceExport },
  slack: { summary: 'the export of a Slack workspace: the zip or its folder', parse: parseSlackExport },
  mattermost: {
    summary: 'the bulk export of Mattermost: JSON Lines, or the zip or folder with them',
    parse: parseMattermostExport,
  },
  'rocket-chat': {
    summary: 'a dump of the database of Rocket.Chat: the folder of mongodump',
    parse: parseRocketChatDump,
  },
  zulip: { summary: 'the export of a Zulip organisation: its unpacked folder', parse: parseZulipExport },
  irc: { summary: 'logs of IRC channels: a file or a folder (energymech, weechat, irssi)', parse: parseIrcLogs },
} as const satisfies Readonly<Record<string, ImportKind>>;
