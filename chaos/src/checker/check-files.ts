import type { Store } from '../system/store.ts';
import { hashOf } from '../writers/file-moves.ts';
import type { Person } from '../writers/people.ts';
import type { Scene, SceneFile } from '../writers/scene.ts';
import type { Findings } from './findings.ts';

/** The newest files that are downloaded again. */
const FILES_MAX = 60;

interface StoredFile {
  readonly id: string;
  readonly uploader: string;
  readonly isSent: boolean;
  /** Neither it, its message, its chat nor its workspace is gone. */
  readonly isLive: boolean;
  readonly isPublic: boolean;
  readonly members: readonly string[];
  readonly left: readonly string[];
  /** The members of the workspace who are no Guests, and then all members. */
  readonly colleagues: readonly string[];
  readonly inside: readonly string[];
}

/**
 * Downloads files as people who may read them and as people who may not, above all those who left: the first get the
 * bytes that were uploaded, the others nothing. Called when nothing changes any more. Returns the number of downloads.
 */
export async function checkFiles(store: Store, scene: Scene, findings: Findings): Promise<number> {
  for (const mistake of scene.fileMistakes) findings.add('a file is wrong or in wrong hands', mistake);
  const files = scene.files.slice(-FILES_MAX);
  const stored = new Map((await readFiles(store, files)).map((file) => [file.id, file]));
  let checked = 0;
  for (const file of files) {
    const truth = stored.get(file.id);
    if (truth === undefined) continue;
    for (const person of someOf(scene, truth)) {
      checked += 1;
      const may = mayRead(truth, person);
      const got = await download(person, file.id);
      if (may ? got !== file.hash : got !== undefined)
        findings.add(
          'a file is wrong or in wrong hands',
          `${person.name} ${may ? 'may' : 'may not'} read ${file.id} of ${file.size} bytes, and got ${got ?? 'nothing'}`,
          () => [JSON.stringify(truth)],
        );
    }
  }
  return checked;
}

const mayRead = (file: StoredFile, { id }: Person): boolean => {
  if (!file.isLive) return false;
  if (!file.isSent && file.uploader !== id) return false;
  return file.inside.includes(id) && (file.members.includes(id) || (file.isPublic && file.colleagues.includes(id)));
};

/** One who may read the file, one who left its chat, and one who was never there. */
function someOf({ people, suspended }: Scene, file: StoredFile): readonly Person[] {
  const able = people.filter((person) => !suspended.has(person));
  const reader = able.find((person) => mayRead(file, person));
  const gone = able.find(({ id }) => file.left.includes(id) && !file.members.includes(id));
  const stranger = able.find(({ id }) => !file.left.includes(id) && !file.members.includes(id));
  return [reader, gone, stranger].filter((person) => person !== undefined);
}

/** The hash of the content, undefined if there is none for this person. */
async function download({ client }: Person, fileId: string): Promise<string | undefined> {
  const response = await client.fetch(`/f/${fileId}`);
  // A content that cannot be opened is broken off in the middle.
  const content = await response.arrayBuffer().catch(() => undefined);
  if (!response.ok) return undefined;
  return content === undefined ? 'a broken download' : hashOf(new Uint8Array(content));
}

const readFiles = (store: Store, files: readonly SceneFile[]) =>
  store.query<StoredFile>(
    `select f.id, f.uploader_id as uploader, f.message_id is not null as "isSent", c.chat_type = 'PublicChannel' as "isPublic",
       f.state <> 'Gone' and m.deleted_at is null and c.deleted_at is null and w.deleted_at is null as "isLive",
       array(select user_id from chat_members p where p.chat_id = c.id and p.left_seq is null) as members,
       array(select user_id from chat_members p where p.chat_id = c.id and p.left_seq is not null) as left,
       array(select user_id from workspace_members p where p.workspace_id = w.id and p.left_seq is null) as inside,
       array(select user_id from workspace_members p
             where p.workspace_id = w.id and p.left_seq is null and p.role <> 'Guest') as colleagues
     from files f join chats c on c.id = f.chat_id join workspaces w on w.id = c.workspace_id
     left join messages m on m.id = f.message_id where f.id = any ($1)`,
    [files.map(({ id }) => id)],
  );
