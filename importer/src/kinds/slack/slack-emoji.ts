import { contentIn } from '../../archive/content-in.ts';
import type { Archive } from '../../archive/open-archive.ts';
import type { ImportedEmoji } from '../../stream.ts';
import type { Download } from '../kinds.ts';
import { fieldsOf } from '../lenient.ts';
import { slackEmojiAt } from './slack-files.ts';

const ALIAS = 'alias:';
/** More than any chain of other names. */
const ALIASES_MAX = 10;

/**
 * The custom emoji of `emoji.json`: names with the addresses of their pictures or `alias:name`, as Slack's `emoji.list` gives them.
 * A picture in `emoji/` or `emojis/`, named like its emoji, comes first.
 */
export function* slackEmoji(
  json: unknown,
  archive: Archive,
  { base, download }: { readonly base: string; readonly download: Download | undefined },
): Generator<ImportedEmoji> {
  const whole = fieldsOf(json);
  const listed = new Map(Object.entries(typeof whole.emoji === 'object' ? fieldsOf(whole.emoji) : whole));
  const pictures = new Map<string, string>();
  for (const path of archive.names) {
    const name = /^emojis?\/([^/]+)\.(?:png|gif|jpe?g|webp)$/i.exec(
      path.startsWith(base) ? path.slice(base.length) : '',
    )?.[1];
    if (name !== undefined) pictures.set(name, path);
  }
  for (const key of listed.keys()) {
    const [name, url] = original(listed, key);
    const path = pictures.get(key) ?? pictures.get(name);
    if (url !== undefined)
      yield {
        type: 'emoji',
        key,
        picture: path === undefined ? slackEmojiAt(url, download) : contentIn(archive, path),
      };
  }
}

/** The emoji that a name means, and where its picture is; undefined: nothing, or another name of a Unicode emoji. */
function original(listed: ReadonlyMap<string, unknown>, key: string): readonly [string, string | undefined] {
  let name = key;
  for (let n = 0; n < ALIASES_MAX; n++) {
    const value = listed.get(name);
    if (typeof value !== 'string') return [name, undefined];
    if (!value.startsWith(ALIAS)) return [name, value];
    name = value.slice(ALIAS.length);
  }
  return [name, undefined];
}
