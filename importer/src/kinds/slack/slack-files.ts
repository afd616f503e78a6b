import { parseUrl } from '@fechatter/contract';
import type { Archive } from '../../archive/open-archive.ts';
import { contentIn } from '../../archive/content-in.ts';
import type { ImportedContent, ImportedFile } from '../../stream.ts';
import type { Download } from '../kinds.ts';
import { type Fields, textIn } from '../lenient.ts';

/** Slack's own hosts of files. Their addresses in an export have its token. */
const HOSTS = new Set(['files.slack.com', 'slack-files.com']);
const EMOJI_HOSTS = new Set(['emoji.slack-edge.com']);
/** Tools that fetch files beside an export: `__uploads/F123/name`, `general/attachments/F123-name`. */
const PLACES = [/(?:^|\/)__uploads\/([A-Z0-9]+)\/[^/]+$/, /(?:^|\/)attachments\/([A-Z0-9]+)-[^/]+$/];

/** The files of messages: their content from the archive, or from Slack if that is wanted. */
export function slackFiles(archive: Archive, download: Download | undefined): (file: Fields) => ImportedFile {
  const names = new Map<string, string>();
  for (const name of archive.names)
    for (const place of PLACES) {
      const id = place.exec(name)?.[1];
      if (id !== undefined) names.set(id, name);
    }
  return (file) => {
    const id = textIn(file, 'id') ?? '';
    const name = names.get(id);
    return {
      name: textIn(file, 'name', 'title', 'id') ?? 'file',
      mime: textIn(file, 'mimetype'),
      content: name === undefined ? remote(file, download) : contentIn(archive, name),
    };
  };
}

/** A picture at the host of custom emoji, which needs no token. */
export function slackEmojiAt(url: string, download: Download | undefined): Pick<ImportedContent, 'open'> | undefined {
  return download !== undefined && isAt(url, EMOJI_HOSTS) ? { open: () => download(url) } : undefined;
}

function remote(file: Fields, download: Download | undefined): ImportedContent | undefined {
  const url = textIn(file, 'url_private_download', 'url_private');
  const { size } = file;
  if (download === undefined || url === undefined || !isAt(url, HOSTS)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  return { sizeBytes: size, open: () => download(url) };
}

function isAt(text: string, hosts: ReadonlySet<string>): boolean {
  const url = parseUrl(text);
  return url !== undefined && url.protocol === 'https:' && url.port === '' && hosts.has(url.hostname);
}
