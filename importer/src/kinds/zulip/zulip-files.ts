import { contentIn } from '../../archive/content-in.ts';
import { jsonElements } from '../../archive/json-elements.ts';
import type { Archive } from '../../archive/open-archive.ts';
import type { ImportedFile } from '../../stream.ts';
import { fieldsOf, itemsOf, textIn } from '../lenient.ts';

/** The files of a message, by its id. */
export type FilesOf = (messageId: string) => readonly ImportedFile[];

interface Attachment {
  readonly name: string;
  readonly path: string | undefined;
}

/** Reads `attachment.json`, beside the realm; the files are in `uploads/`. Only their names and places are in memory. */
export async function zulipFiles(archive: Archive, realmFile: string): Promise<FilesOf> {
  const base = realmFile.replace(/[^/]+$/, '');
  const list = `${base}attachment.json`;
  const attachments = new Map<string, Attachment[]>();
  for await (const { value } of archive.size(list) === undefined ? [] : jsonElements(archive, list, 'lists')) {
    const fields = fieldsOf(value);
    const path = textIn(fields, 'path_id');
    const file = {
      name: textIn(fields, 'file_name') ?? 'file',
      path: path === undefined ? undefined : `${base}uploads/${path.normalize('NFC')}`,
    };
    for (const id of itemsOf(fields.messages)) {
      const known = attachments.get(String(id));
      if (known === undefined) attachments.set(String(id), [file]);
      else known.push(file);
    }
  }
  return (messageId) =>
    (attachments.get(messageId) ?? []).map(({ name, path }) => ({
      name,
      content: path === undefined ? undefined : contentIn(archive, path),
    }));
}
