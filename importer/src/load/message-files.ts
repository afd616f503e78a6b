import { FileName, limits } from '@fechatter/contract';
import { Refusal } from '@fechatter/service-kit';
import { type ImportedFile, type ImportedMessage, MissingContent } from '../stream.ts';
import type { OpenChat } from './chats.ts';
import type { ImportRun } from './import-deps.ts';
import { idAt } from './made-ids.ts';
import { type NewFile, storeFile } from './store-file.ts';
import { lineOf } from './tidy-text.ts';

const UNKNOWN = 'application/octet-stream';
/** A discarded import leaves files that are gone, whose ids are not used again. */
const ATTEMPTS_MAX = 100;

const NOT_HERE = 'a file is not imported';

interface FoundFile {
  readonly id: string;
  readonly storedBytes: number | null;
}

/** Stores the files of messages, and reports those that cannot come. */
export class MessageFiles {
  readonly #run: ImportRun;
  count = 0;
  bytes = 0;

  constructor(run: ImportRun) {
    this.#run = run;
  }

  /** Returns the names of the files that do not come. */
  async add(
    chat: OpenChat,
    message: ImportedMessage,
    about: { readonly messageId: string; readonly senderId: string },
  ): Promise<readonly string[]> {
    const missing: string[] = [];
    let place = 1;
    for (const [index, file] of (message.files ?? []).entries()) {
      const name = fileNameOf(file.name);
      const problem =
        place > limits.messageFilesMax
          ? `a file beyond the ${limits.messageFilesMax} that a message can have is left out`
          : await this.#store(file, async () => ({
              ...(await this.#found(message, chat.id, index)),
              chatId: chat.id,
              messageId: about.messageId,
              uploaderId: about.senderId,
              place,
              name,
              mime: file.mime ?? UNKNOWN,
              atUs: message.atUs,
            }));
      if (problem === undefined) {
        place++;
        continue;
      }
      missing.push(name);
      this.#run.problems.add(problem, `${message.chat} ${message.key} ${name}`);
    }
    return missing;
  }

  /** Why it does not come; undefined: it does. A store that does not work ends the import, which can be continued. */
  async #store({ content }: ImportedFile, about: () => Promise<NewFile & FoundFile>): Promise<string | undefined> {
    const { files, isDryRun } = this.#run;
    if (files === undefined) return NOT_HERE;
    const { storedBytes, ...file } = await about();
    // An interrupted import had stored it; its content may not be within reach any more.
    if (storedBytes !== null) return this.#comes(storedBytes);
    if (content === undefined) return NOT_HERE;
    if (content.sizeBytes > files.fileMaxBytes) return 'a file is larger than is allowed here';
    try {
      if (!isDryRun) await storeFile({ ...this.#run, files }, file, content);
    } catch (error) {
      const known = error instanceof MissingContent ? error.message : reasonOf(error);
      if (known === undefined) throw error;
      return known;
    }
    return this.#comes(content.sizeBytes);
  }

  #comes(bytes: number): undefined {
    this.count++;
    this.bytes += bytes;
  }

  /** The first id that no discarded file has, and the size of the file with it that is complete; null: there is none. */
  async #found({ atUs, key }: ImportedMessage, chatId: string, index: number): Promise<FoundFile> {
    const ids = Array.from({ length: ATTEMPTS_MAX }, (_, attempt) =>
      idAt(atUs / 1_000, chatId, 'file', key, `${index}`, `${attempt}`),
    );
    const { rows } = await this.#run.db.pool.query<FoundFile>({
      name: 'import-found-file',
      text: `select n.id, case when f.state in ('Scanning', 'Ready') then f.size_bytes end as "storedBytes"
        from unnest($1::uuid[]) with ordinality n (id, attempt) left join files f on f.id = n.id
        where f.state is distinct from 'Gone' order by n.attempt limit 1`,
      values: [ids],
    });
    const [found] = rows;
    if (found === undefined) throw new Error('a file was discarded too often');
    return found;
  }
}

function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Refusal)) return undefined;
  if (error.reason === 'quota_exceeded') return 'the files of the workspace have reached their limit';
  if (error.reason === 'part_size_wrong') return 'a file has another size than the source says';
  return undefined;
}

/** A name without a path, cut to the limit. */
function fileNameOf(text: string): string {
  const line = lineOf(text.replaceAll(/[\p{Bidi_Control}]/gu, '').replaceAll(/[/\\]/g, '_'), limits.fileNameMaxChars);
  return FileName.safeParse(line).data ?? 'file';
}
