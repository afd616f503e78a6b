import type { FechatterClient } from '../create-fechatter.ts';
import { Lanes } from '../files/lanes.ts';
import { PARTS_AT_ONCE } from '../files/upload.ts';
import type { OnFileChange, UnsentFile } from '../outbox/unsent-file.ts';
import type { UnsentMessage } from '../outbox/unsent-message.ts';
import { verdictOn } from '../outbox/verdict.ts';
import { KeptFiles } from './kept-files.ts';
import { uploadFile } from './upload-file.ts';

/** The outbox itself tries again, after pauses that end when the connection is back. */
const ATTEMPTS_MAX = 2;
/** By then the service has deleted what was uploaded, too. */
const ORPHAN_LIVES_MS = 24 * 3_600_000;

export interface UploadWatch {
  /** Stops the uploads; what has arrived stays for a day. */
  readonly signal: AbortSignal;
  readonly onChange: OnFileChange;
}

/** Keeps the files of one person's unsent messages, and uploads them. */
export class UnsentFiles {
  readonly #client: FechatterClient;
  readonly #kept: KeptFiles;
  #lanes = new Lanes(PARTS_AT_ONCE);
  #uploadCount = 0;

  constructor(client: FechatterClient, userId: string) {
    this.#client = client;
    this.#kept = new KeptFiles(client.storage, userId);
  }

  /** Keeps the contents in the storage; returns whether it has all of them now. */
  async keep({ clientId, files }: UnsentMessage): Promise<boolean> {
    let areKept = true;
    for (const { key, content } of files)
      areKept =
        (content === undefined
          ? (await this.#kept.content(clientId, key)) !== undefined
          : await this.#kept.keep(clientId, key, content)) && areKept;
    return areKept;
  }

  /** Reads from the storage what a file does not have: its content, of an earlier page. */
  async read({ clientId, files }: UnsentMessage, onChange: OnFileChange): Promise<void> {
    for (const { key, content: known } of files) {
      const content = known ?? (await this.#kept.content(clientId, key));
      if (content !== known) onChange(key, { content });
    }
  }

  /**
   * Uploads the files of a message; returns their ids. If one is refused, the others are uploaded nevertheless, and it
   * rejects with the refusal.
   */
  async upload(message: UnsentMessage, watch: UploadWatch): Promise<readonly string[]> {
    // What slowed earlier uploads down may have passed.
    if (this.#uploadCount === 0) this.#lanes = new Lanes(PARTS_AT_ONCE);
    this.#uploadCount += 1;
    const manners = { lanes: this.#lanes, attemptsMax: ATTEMPTS_MAX };
    const task = { client: this.#client, kept: this.#kept, manners, message, ...watch };
    try {
      const results = await Promise.allSettled(message.files.map((file) => uploadFile({ ...task, file })));
      const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
      if (errors.length > 0) throw errors.find((error) => verdictOn(error, 0) === 'failed') ?? errors[0];
      return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    } finally {
      this.#uploadCount -= 1;
    }
  }

  /** The service does not have them any more: they will be uploaded again. */
  async forgetUploads({ clientId, files }: UnsentMessage, onChange: OnFileChange): Promise<void> {
    for (const { key, fileId } of files) {
      await this.#kept.setUploadId(clientId, key, fileId, null);
      onChange(key, { state: 'waiting', sentBytes: 0, fileId: null });
    }
  }

  /** Removes files whose message was sent. */
  async drop(clientId: string, files: readonly UnsentFile[]): Promise<void> {
    for (const { key } of files) await this.#kept.remove(clientId, key);
  }

  /** Removes files that will not be sent, here and at the service. */
  async cancel(clientId: string, files: readonly UnsentFile[]): Promise<void> {
    for (const { key, fileId: knownId } of files) {
      const fileId = (await this.#kept.uploadId(clientId, key)) ?? knownId;
      await this.#kept.remove(clientId, key);
      // Otherwise the service deletes it after a day.
      if (fileId !== null) await this.#client.file.cancel.mutate({ fileId }).catch(() => {});
    }
  }

  /** Removes what is left of messages that nobody has any more. */
  async tidy(isNeeded: (clientId: string) => Promise<boolean>): Promise<void> {
    for (const [clientId, keys] of await this.#kept.messages()) {
      const isOld = keys.every((key) => Date.now() - Number.parseInt(key, 36) > ORPHAN_LIVES_MS);
      if (!isOld || (await isNeeded(clientId))) continue;
      for (const key of keys) await this.#kept.remove(clientId, key);
    }
  }
}
