import { contentIn } from '../../archive/content-in.ts';
import type { Archive } from '../../archive/open-archive.ts';
import type { ImportedEmoji } from '../../stream.ts';
import { type Fields, textIn } from '../lenient.ts';
import { idIn } from './zulip-json.ts';

const PICTURE = /\/emoji\/images\/([^/]+)$/;

/** Their pictures are in `emoji/<realm>/emoji/images/`. Of those that were deactivated the names stay in texts and reactions. */
export function* zulipEmoji(archive: Archive, realmFile: string, emoji: readonly Fields[]): Generator<ImportedEmoji> {
  const folder = `${realmFile.replace(/[^/]+$/, '')}emoji/`;
  const pictures = new Map<string, string>();
  for (const path of archive.names) {
    const file = path.startsWith(folder) ? PICTURE.exec(path)?.[1] : undefined;
    if (file !== undefined) pictures.set(file, path);
  }
  for (const fields of emoji) {
    const key = textIn(fields, 'name');
    if (key === undefined || fields.deactivated === true) continue;
    const path = pictures.get(textIn(fields, 'file_name') ?? '');
    const picture = path === undefined ? undefined : contentIn(archive, path);
    yield { type: 'emoji', key, picture, creator: idIn(fields, 'author') };
  }
}
