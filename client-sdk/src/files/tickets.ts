import type { FechatterClient } from '../create-fechatter.ts';

/** Half of the time for which a ticket works, so that what it is put into works for as long again. */
const USED_MS = 1_800_000;

interface Known {
  /** The person's id; the session's is not known here. */
  readonly of: string | undefined;
  readonly filesUrl: string;
  readonly ticket: string;
  /** On the clock of `performance.now()`. */
  readonly untilMs: number;
}

/** Keeps a ticket for downloads, and asks for a new one in time; calls at the same time ask once. */
export class Tickets {
  readonly #client: FechatterClient;
  #known: Known | undefined;
  #asking: Promise<Known> | undefined;

  constructor(client: FechatterClient) {
    this.#client = client;
    // The next session has a ticket of its own.
    client.onSessionEnded(() => (this.#known = undefined));
  }

  async urlOf(fileId: string): Promise<string> {
    return urlOf(await this.#current(), fileId);
  }

  knownUrlOf(fileId: string): string | undefined {
    const known = this.#usable();
    return known === undefined ? undefined : urlOf(known, fileId);
  }

  #usable(): Known | undefined {
    const known = this.#known;
    const isUsable = known?.of === this.#client.session?.id && (known?.untilMs ?? 0) > performance.now();
    return isUsable ? known : undefined;
  }

  #current(): Known | Promise<Known> {
    const known = this.#usable();
    if (known !== undefined) return known;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<Known> {
    const of = this.#client.session?.id;
    const untilMs = performance.now() + USED_MS;
    const [{ filesUrl }, { ticket }] = await Promise.all([
      this.#client.info.get.query(),
      this.#client.file.ticket.mutate(),
    ]);
    this.#known = { of, filesUrl: filesUrl ?? this.#client.serverUrl, ticket, untilMs };
    return this.#known;
  }
}

const urlOf = ({ filesUrl, ticket }: Known, fileId: string) => `${filesUrl}/f/${fileId}?ticket=${ticket}`;
