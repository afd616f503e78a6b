/** The kinds of findings. */
export const sorts = [
  'lost',
  'repeated',
  'out of order',
  'phantom',
  'shown after the cut',
  'a reset without reason',
  'an acknowledged send is missing',
  'a send exists more than once',
  'an unread count is wrong',
  'state and events differ from a fresh read',
  'a quote is wrong',
  'a file is wrong or in wrong hands',
  'presence is wrong',
  'an honest delivery was late',
  'a rule of the database is broken',
  'what a worker has to do is not done',
  'an error that no fault explains',
  'a client was let down',
] as const;
export type Sort = (typeof sorts)[number];

export interface Finding {
  readonly sort: Sort;
  readonly what: string;
  /** The shortest history that shows the finding. */
  readonly history: readonly string[];
}

const KEPT_OF_A_SORT_MAX = 5;

/** Collects findings: counts all of them, keeps the first of each kind in full. */
export class Findings {
  readonly counts = new Map<Sort, number>();
  readonly kept: Finding[] = [];

  add(sort: Sort, what: string, history: () => readonly string[] = () => []): void {
    const count = (this.counts.get(sort) ?? 0) + 1;
    this.counts.set(sort, count);
    if (count <= KEPT_OF_A_SORT_MAX) this.kept.push({ sort, what, history: history() });
  }

  count(sort: Sort): number {
    return this.counts.get(sort) ?? 0;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return this.kept
      .map(({ sort, what, history }) => [`${sort}: ${what}`, ...history.map((line) => `    ${line}`)].join('\n'))
      .join('\n');
  }
}
