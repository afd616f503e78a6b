/** What was imported, what was not, and why. */
export interface ImportReport {
  readonly people: number;
  /** Members of the workspace who were found by their verified address. */
  readonly matchedPeople: number;
  readonly chats: number;
  /** Chats of an earlier import, which stay unchanged. */
  readonly knownChats: number;
  /** Chats of an interrupted import that were deleted first. */
  readonly discardedChats: number;
  readonly messages: number;
  readonly replies: number;
  readonly reactions: number;
  readonly pins: number;
  /** Custom emoji that the workspace has now. */
  readonly emoji: number;
  readonly files: number;
  /** Of the files that came, together. */
  readonly fileBytes: number;
  readonly problems: readonly ReportedProblem[];
}

/** A reason why something was not imported, or was changed; how often; and the first places. */
export interface ReportedProblem {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

const EXAMPLES_MAX = 5;
const EXAMPLE_MAX_CHARS = 200;
const REASONS_MAX = 200;
const OTHERS = 'other problems';

/** Collects problems in bounded memory. */
export class Problems {
  readonly #byReason = new Map<string, { count: number; examples: string[] }>();

  add(reason: string, where: string, count = 1): void {
    const known = this.#byReason.get(reason);
    if (known === undefined && reason !== OTHERS && this.#byReason.size >= REASONS_MAX)
      return this.add(OTHERS, where, count);
    const problem = known ?? { count: 0, examples: [] };
    problem.count += count;
    if (problem.examples.length < EXAMPLES_MAX) problem.examples.push(where.slice(0, EXAMPLE_MAX_CHARS));
    this.#byReason.set(reason, problem);
  }

  /** The most frequent first. */
  list(): readonly ReportedProblem[] {
    return [...this.#byReason].map(([reason, problem]) => ({ reason, ...problem })).sort((a, b) => b.count - a.count);
  }
}
