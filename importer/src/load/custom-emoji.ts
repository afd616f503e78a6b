import { limits } from '@fechatter/contract';
import { Refusal } from '@fechatter/service-kit';
import { renderInChild } from '@fechatter/worker/pictures';
import { type ImportedEmoji, MissingContent } from '../stream.ts';
import { emojiNameOf } from './emoji-name.ts';
import type { ImportRun } from './import-deps.ts';
import { hashedId } from './made-ids.ts';
import type { People } from './people.ts';
import { storeEmoji } from './store-emoji.ts';

const SHORTCODES = /:([\w.+'-]{1,100}):/g;

/** Gives the workspace the emoji of the source, by the rules of `emoji.create`, and reports those that cannot come. */
export class CustomEmoji {
  readonly #run: ImportRun;
  readonly #people: People;
  readonly #signal: AbortSignal;
  /** Those that have another name here. */
  readonly #renamed = new Map<string, string>();
  readonly #taken = new Set<string>();
  count = 0;

  constructor(run: ImportRun, people: People, signal?: AbortSignal) {
    this.#run = run;
    this.#people = people;
    this.#signal = signal ?? new AbortController().signal;
  }

  /** A text with the names that its emoji have here. */
  named(text: string): string {
    if (this.#renamed.size === 0) return text;
    return text.replace(SHORTCODES, (code, key: string) => `:${this.#renamed.get(key) ?? code.slice(1, -1)}:`);
  }

  async add(emoji: ImportedEmoji): Promise<void> {
    const problem = await this.#problemOf(emoji);
    if (problem === undefined) this.count++;
    else this.#run.problems.add(problem, emoji.key);
  }

  async #problemOf(emoji: ImportedEmoji): Promise<string | undefined> {
    const name = emojiNameOf(emoji.key);
    if (name === undefined) return 'a custom emoji whose name is not possible here is left out';
    if (name !== emoji.key) this.#renamed.set(emoji.key, name);
    if (this.#taken.has(name)) return 'a custom emoji that has the name of another here is left out';
    this.#taken.add(name);
    const { isThere, hasCome } = await this.#before(emoji.key, name);
    if (isThere) return 'there is a custom emoji of this name already; it stays';
    if (hasCome) return 'a custom emoji that came before and was deleted here stays deleted';
    try {
      return await this.#store(emoji, name);
    } catch (error) {
      if (error instanceof MissingContent) return error.message;
      if (!(error instanceof Refusal) || error.reason !== 'quota_exceeded') throw error;
      return 'a custom emoji is beyond what the workspace may have';
    }
  }

  /** Whether the workspace has an emoji of this name, and whether an earlier import brought this one. */
  async #before(key: string, name: string): Promise<{ readonly isThere: boolean; readonly hasCome: boolean }> {
    const { db, workspaceId, source } = this.#run;
    const { rows } = await db.pool.query<{ isThere: boolean; hasCome: boolean }>(
      `select exists (select from emoji where workspace_id = $1 and name = $2) as "isThere", exists (
         select from import_map where workspace_id = $1 and source = $3 and kind = 'Emoji' and key = $4) as "hasCome"`,
      [workspaceId, name, source, hashedId(key)],
    );
    return rows[0] ?? { isThere: false, hasCome: false };
  }

  async #store({ key, picture, creator, createdAtUs }: ImportedEmoji, name: string): Promise<string | undefined> {
    const { files, isDryRun } = this.#run;
    if (picture === undefined || files === undefined) return 'the picture of a custom emoji does not come';
    const bytes = await contentOf(await picture.open());
    if (bytes === undefined) return 'the picture of a custom emoji is too large';
    const outcome = await renderInChild(once(bytes), { as: 'emoji', signal: this.#signal });
    if ('failure' in outcome) return 'the picture of a custom emoji cannot be read';
    if (isDryRun) return undefined;
    const person = creator === undefined ? undefined : await this.#people.of(creator);
    const creatorId = person?.isMember === true ? person.id : undefined;
    await storeEmoji({ ...this.#run, files }, { key: hashedId(key), name, creatorId, createdAtUs }, outcome.picture);
    return undefined;
  }
}

/** Undefined: there is more than the picture of an emoji can have. */
async function contentOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > limits.emojiMaxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
